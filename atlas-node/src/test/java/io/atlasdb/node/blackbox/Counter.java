package io.atlasdb.node.blackbox;

import io.atlasdb.node.bench.ClusterProcesses;
import java.sql.Connection;
import java.sql.SQLException;

/** Inserts rows with increasing numbers, each in a transaction of its own, and reads now and then whether they are there. */
final class Counter extends Client {
    private static final int READ_EVERY = 8;

    Counter(ClusterProcesses cluster, int node, int number) {
        super(cluster, node, number);
    }

    @Override
    void run(Connection connection, int operation, Progress progress) throws SQLException {
        progress.committing();
        int changed = update(
                connection, "INSERT INTO counters (client, op) VALUES (" + log.writer() + ", " + operation + ")");
        if (changed != 1) {
            fault("operation " + operation + " inserted " + changed + " rows");
        }
    }

    /** A client sees what was acknowledged to it. */
    @Override
    void verify(Connection connection) throws SQLException {
        if (log.acknowledged() % READ_EVERY != 0) {
            return;
        }
        int least = log.acknowledged();
        long found = number(connection, "SELECT COUNT(*) FROM counters WHERE client = " + log.writer());
        if (found < least || found > least + log.unknown()) {
            fault("it reads " + found + " rows where " + least + " were acknowledged and " + log.unknown()
                    + " are unknown");
        }
    }
}
