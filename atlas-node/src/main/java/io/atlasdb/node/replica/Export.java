package io.atlasdb.node.replica;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of a group as it was when {@link StateMachine#export} was called, whatever is applied meanwhile. One thread at a
 * time; it holds pages of the store, so it must be closed.
 */
public interface Export extends AutoCloseable {
    /**
     * A key with its newest version; of META the version is 0.
     *
     * @param value null when the key was removed
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Row(byte[] key, long version, byte @Nullable [] value) {}

    /**
     * Some rows, ascending.
     *
     * @param next the key after which the next page begins; null when there is none
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Page(List<Row> rows, byte @Nullable [] next) {
        public Page {
            rows = List.copyOf(rows);
        }
    }

    /** The position whose state this is. */
    Position position();

    /** About how many rows there are, removed ones included. */
    long rowsEstimate();

    /**
     * The newest versions of keys in ROWS.
     *
     * @param after the key after which the page begins; null for the first
     * @param since only versions above it, removals included; 0 for all rows that exist
     * @param bytesMax about how much is read for the page; it may hold less, and one row may be larger
     */
    Page rows(byte @Nullable [] after, long since, int bytesMax);

    /** The keys of META; the parameters as in {@link #rows}. */
    Page metas(byte @Nullable [] after, int bytesMax);

    @Override
    void close();
}
