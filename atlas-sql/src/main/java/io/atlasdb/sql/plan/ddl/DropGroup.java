package io.atlasdb.sql.plan.ddl;

/** {@code DROP GROUP [IF EXISTS] name}; it must be empty. */
public record DropGroup(String name, boolean ifExists) implements DdlCommand {
    @Override
    public String sql() {
        return "DROP GROUP " + (ifExists ? "IF EXISTS " : "") + QualifiedName.quote(name);
    }
}
