package io.atlasdb.sql.catalog;

import org.jspecify.annotations.Nullable;

/**
 * A column of a table.
 *
 * @param id never used twice in its table, so that rows of older schema versions stay readable
 * @param defaultSql the text of the DEFAULT expression, or null
 * @param missing the value for rows that were written before the column was added
 * @param hidden whether {@code SELECT *} and metadata leave it out: the key of a table without a primary key
 */
public record Column(
        int id,
        String name,
        SqlType type,
        boolean nullable,
        @Nullable String defaultSql,
        Identity identity,
        @Nullable Object missing,
        boolean hidden) {
    /** Whether the system numbers the rows. */
    public enum Identity {
        NONE,
        /** A value given by the user is refused. */
        ALWAYS,
        /** A value given by the user is taken. */
        BY_DEFAULT
    }
}
