package io.atlasdb.sql.plan.ddl;

/** A column of an index, by name. */
public record IndexColumn(String name, boolean descending) {
    /** As SQL writes it. */
    public String sql() {
        return QualifiedName.quote(name) + (descending ? " DESC" : "");
    }
}
