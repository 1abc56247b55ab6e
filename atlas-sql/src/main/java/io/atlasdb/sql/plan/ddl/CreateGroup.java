package io.atlasdb.sql.plan.ddl;

/** {@code CREATE GROUP [IF NOT EXISTS] name [WITH (options)]}. */
public record CreateGroup(String name, boolean ifNotExists, PlacementOptions options) implements DdlCommand {
    @Override
    public String sql() {
        return "CREATE GROUP " + (ifNotExists ? "IF NOT EXISTS " : "") + QualifiedName.quote(name) + options.sql();
    }
}
