package io.atlasdb.node.socket;

import io.atlasdb.sql.access.AccessChange;
import io.atlasdb.sql.access.Identity;
import io.atlasdb.sql.store.Retention;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Values by {@code TABLE.ROW}. What may not be read is as if it were not there; what may not be written is refused with {@code
 * DENIED}. Safe for any number of threads. Calls may block for as long as a read does; errors are
 * {@code AtlasException}s, thrown or in the future.
 */
public interface KeySpace {
    /** The same with reads as fresh as a connection wants them, and its writes noted there. */
    default KeySpace reading(Freshness freshness) {
        return this;
    }

    /**
     * Writes a value; makes its table when this is the first one.
     *
     * @param identity who writes
     * @param until until when the value may be neither changed nor removed. A value that is retained already is retained longer by
     *     the same value with a later time; then the row stays as it is otherwise
     * @return completes once the write is durable and visible
     */
    CompletableFuture<?> put(String table, String row, byte[] value, Identity identity, Retention until);

    /** Writes a value that may be changed at any time. */
    default CompletableFuture<?> put(String table, String row, byte[] value, Identity identity) {
        return put(table, row, value, identity, Retention.NONE);
    }

    /**
     * Begins to write a value that comes in pieces.
     *
     * @param bytes how many there will be
     * @param identity who writes
     */
    Incoming write(String table, String row, long bytes, Identity identity);

    /** Opens a value, or null when there is none that the identity may read. */
    @Nullable
    Outgoing read(String table, String row, Identity identity);

    /**
     * The value, or null when there is none that the identity may read; {@code LIMIT} when it is too large to be held whole.
     */
    byte @Nullable [] get(String table, String row, Identity identity);

    /** Removes a value; what is not there counts as removed. */
    CompletableFuture<?> delete(String table, String row, Identity identity);

    /**
     * Visits the dotted keys that begin with a prefix and that the identity may read, table by table, ascending within a table; all as of one moment.
     *
     * @param prefix matched against the whole dotted key, so that one without a dot spans tables
     */
    void scan(String prefix, Identity identity, Visitor visitor);

    /**
     * Changes the rights on a value, which need not be there, or on a table, which is made when it is not.
     *
     * @param row null for the table
     * @return completes once the change is durable and every read and write that begins later is decided by it
     */
    CompletableFuture<?> changeRights(String table, @Nullable String row, AccessChange change, Identity identity);

    /** The group of {@code ATLAS.x}, of a table of keys, or of {@code SCHEMA.TABLE}; empty when there is none. */
    OptionalLong group(String name);

    /**
     * The same for threads that must not wait: a call that would have to throws {@link io.atlasdb.sql.store.WouldWait}, or its future
     * fails with it, and nothing was done. Null when there is no such view.
     */
    default @Nullable KeySpace impatient() {
        return null;
    }

    /** A value on its way in. One thread at a time; calls may wait for disk and network. */
    interface Incoming extends AutoCloseable {
        /** Adds a piece: {@link io.atlasdb.sql.store.LargeValue#CHUNK_BYTES}, fewer only at the end. */
        void add(byte[] bytes, int length);

        /** Writes the value when all pieces are there; completes as {@link #put} does. Called once, and the last call. */
        CompletableFuture<?> commit();

        /** Gives up a value that is not committed. */
        @Override
        void close();
    }

    /** A value on its way out. One thread at a time; calls may wait for disk and network. */
    interface Outgoing extends AutoCloseable {
        /** Of the whole value, bytes. */
        long size();

        /** The next piece, not to be changed; {@link io.atlasdb.sql.store.LargeValue#CHUNK_BYTES} at the most. */
        byte[] next();

        @Override
        void close();
    }

    /** Sees keys one after the other. */
    interface Visitor {
        /** Returns false to end the scan. */
        boolean visit(String table, String row);
    }
}
