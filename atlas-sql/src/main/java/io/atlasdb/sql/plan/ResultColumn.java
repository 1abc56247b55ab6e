package io.atlasdb.sql.plan;

import io.atlasdb.sql.catalog.SqlType;
import org.jspecify.annotations.Nullable;

/**
 * A column of a result.
 *
 * @param label what {@code AS} said, else the column's name
 * @param schema, table, column where the values come from, or null for an expression
 */
public record ResultColumn(
        String label,
        SqlType type,
        boolean nullable,
        @Nullable String schema,
        @Nullable String table,
        @Nullable String column,
        boolean autoIncrement) {}
