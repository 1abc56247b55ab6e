package io.atlasdb.node.bench;

import java.sql.Connection;
import java.sql.SQLException;

/** A database server under measurement, in a process of its own. */
interface Peer extends AutoCloseable {
    /** As it stands in a table, {@code PostgreSQL}. */
    String name();

    /** What it was set to force to disk before it answers a commit, for the report. */
    String durability();

    /** A new connection, in autocommit. */
    Connection connect() throws SQLException;

    /** The statement that its operators would run after a load, or empty. */
    default String afterLoad() {
        return "";
    }

    /** Ends the server if it was started here. */
    @Override
    void close();
}
