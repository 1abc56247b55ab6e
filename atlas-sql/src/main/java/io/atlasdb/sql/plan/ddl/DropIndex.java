package io.atlasdb.sql.plan.ddl;

/** {@code DROP INDEX [IF EXISTS] [schema.]name}. */
public record DropIndex(QualifiedName name, boolean ifExists) implements DdlCommand {
    @Override
    public String sql() {
        return "DROP INDEX " + (ifExists ? "IF EXISTS " : "") + name.sql();
    }
}
