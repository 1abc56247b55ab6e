package io.atlasdb.node.blackbox;

import io.atlasdb.node.bench.ClusterProcesses;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.SplittableRandom;

/** Moves money between two tables in one transaction, which it enters into a third, and counts the money now and then. */
final class Teller extends Client {
    private static final int AMOUNT_MAX = 10;
    private static final int READ_EVERY = 4;

    private final SplittableRandom random;

    Teller(ClusterProcesses cluster, int node, int number, long seed) {
        super(cluster, node, number);
        this.random = new SplittableRandom(seed);
    }

    @Override
    void run(Connection connection, int operation, Progress progress) throws SQLException {
        int left = random.nextInt(Tables.ACCOUNTS);
        int right = random.nextInt(Tables.ACCOUNTS);
        int amount = random.nextInt(-AMOUNT_MAX, AMOUNT_MAX + 1);
        connection.setAutoCommit(false);
        update(connection, "UPDATE bank_left SET amount = amount - (" + amount + ") WHERE id = " + left);
        update(connection, "UPDATE bank_right SET amount = amount + (" + amount + ") WHERE id = " + right);
        update(
                connection,
                "INSERT INTO transfers (client, op, lefthand, righthand, amount) VALUES (" + log.writer() + ", "
                        + operation + ", " + left + ", " + right + ", " + amount + ")");
        progress.committing();
        this.<Boolean>timed(() -> {
            connection.commit();
            return true;
        });
        connection.setAutoCommit(true);
    }

    /** The money neither grows nor shrinks, whoever looks whenever. */
    @Override
    void verify(Connection connection) throws SQLException {
        if (log.acknowledged() % READ_EVERY != 0) {
            return;
        }
        connection.setAutoCommit(false);
        long left = number(connection, "SELECT SUM(amount) FROM bank_left");
        long right = number(connection, "SELECT SUM(amount) FROM bank_right");
        // Only a transaction that commits has read what was there at one time.
        this.<Boolean>timed(() -> {
            connection.commit();
            return true;
        });
        connection.setAutoCommit(true);
        if (left + right != Tables.MONEY) {
            fault("it counts " + left + " + " + right + " where " + Tables.MONEY + " is right");
        }
    }
}
