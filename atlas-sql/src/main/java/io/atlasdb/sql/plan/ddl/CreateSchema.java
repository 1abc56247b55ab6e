package io.atlasdb.sql.plan.ddl;

/** {@code CREATE SCHEMA [IF NOT EXISTS] name}. */
public record CreateSchema(String name, boolean ifNotExists) implements DdlCommand {
    @Override
    public String sql() {
        return "CREATE SCHEMA " + (ifNotExists ? "IF NOT EXISTS " : "") + QualifiedName.quote(name);
    }
}
