package io.atlasdb.node.bench;

import java.io.IOException;

/** A key-value store under measurement, in processes of its own. */
interface KvPeer extends AutoCloseable {
    /** As it stands in a table. */
    String name();

    /** What it does before it answers a put, for the report. */
    String durability();

    /**
     * A connection; several clients may use it at once, each waiting for its own answer.
     *
     * @throws IOException when it cannot be made
     */
    Connection connect() throws IOException;

    /** Ends what was started. */
    @Override
    void close();

    /** One connection. */
    interface Connection extends AutoCloseable {
        /** Returns once the value is durable. */
        void put(String key, String value) throws IOException;

        /**
         * Reads a key that is there.
         *
         * @param local whether the store may answer from what it has at hand, if it knows such a read
         */
        void get(String key, boolean local) throws IOException;

        @Override
        void close();
    }
}
