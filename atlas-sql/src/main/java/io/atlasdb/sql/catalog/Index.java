package io.atlasdb.sql.catalog;

import java.util.List;

/**
 * A secondary index of a table, or a UNIQUE constraint, which is one.
 *
 * @param id never used twice in its table; 0 is the primary key
 * @param constraint whether it stands for a UNIQUE constraint and goes with it
 */
public record Index(int id, String name, boolean unique, List<Part> parts, State state, boolean constraint) {
    public Index {
        parts = List.copyOf(parts);
    }

    /** A column of an index key, by the id of the column. */
    public record Part(int column, boolean descending) {}

    /** How far the index is built. */
    public enum State {
        /** Writes maintain it, reads do not use it: the backfill is still running. */
        BUILDING,
        PUBLIC
    }
}
