package io.atlasdb.sql.plan.schema;

import io.atlasdb.sql.catalog.Table;

/** How many rows tables hold, as far as it is known. Called while planning, so it may read a little but not wait. */
@FunctionalInterface
public interface Cardinality {
    /** What is assumed of a table about which nothing is known. */
    double UNKNOWN = 1_000;

    /** Assumes the same of every table. */
    Cardinality GUESS = table -> UNKNOWN;

    /** Rows of the table, an estimate. */
    double rows(Table table);
}
