package io.atlasdb.sql.plan;

import io.atlasdb.sql.catalog.SqlType;

/**
 * A DEFAULT or CHECK expression, ready to run.
 *
 * @param type of the value, BOOLEAN for a condition; the caller converts with {@code Assignment} where it must fit a column
 * @param constant whether it gives the same value always, for any row
 */
public record CompiledExpression(RowExpression expression, SqlType type, boolean nullable, boolean constant) {}
