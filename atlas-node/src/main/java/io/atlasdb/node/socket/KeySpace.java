package io.atlasdb.node.socket;

import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Values by {@code TABLE.ROW}. Safe for any number of threads. Calls may block for as long as a read does; errors are
 * {@code AtlasException}s, thrown or in the future.
 */
public interface KeySpace {
    /**
     * Writes a value; makes its table when this is the first one.
     *
     * @param principal who writes, or null
     * @return completes once the write is durable and visible
     */
    CompletableFuture<?> put(String table, String row, byte[] value, @Nullable String principal);

    /** The value, or null when there is none. */
    byte @Nullable [] get(String table, String row);

    /** Removes a value; what is not there counts as removed. */
    CompletableFuture<?> delete(String table, String row);

    /**
     * Visits the dotted keys that begin with a prefix, table by table, ascending within a table; all as of one moment.
     *
     * @param prefix matched against the whole dotted key, so that one without a dot spans tables
     */
    void scan(String prefix, Visitor visitor);

    /** The group of {@code ATLAS.x}, of a table of keys, or of {@code SCHEMA.TABLE}; empty when there is none. */
    OptionalLong group(String name);

    /** Sees keys one after the other. */
    interface Visitor {
        /** Returns false to end the scan. */
        boolean visit(String table, String row);
    }
}
