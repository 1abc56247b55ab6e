package io.atlasdb.examples;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Moves money between accounts from several threads with plain JDBC, and checks all the while that none is made or lost.
 *
 * <p>A transfer changes two accounts and notes itself in a ledger, in one transaction over two tables. A transaction that met
 * another one fails with SQLSTATE 40001 and is run again from its start, reads included: that is all a program has to
 * do to be correct at SERIALIZABLE. An auditor compares accounts and ledger in a transaction of its own, beside the transfers.
 */
public final class Bank {
    private static final String DEFAULT_URL = "jdbc:atlas://127.0.0.1:8765/PUBLIC";
    private static final String SERIALIZATION_FAILURE = "40001";
    private static final int TRIES_MAX = 1_000;
    private static final long PAUSE_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(20);
    private static final BigDecimal OPENING_BALANCE = new BigDecimal("1000.00");

    private final String url;
    private final int accounts;
    private final AtomicInteger retries = new AtomicInteger();

    /**
     * What a run did.
     *
     * @param transfers that were committed
     * @param retries transactions that were run again
     * @param audits checks that passed while transfers were running, and one after the last
     */
    public record Report(int transfers, int retries, int audits) {}

    /** What is done in one transaction; it may be run several times. */
    private interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    /**
     * @param url of the database
     * @param accounts at least 2; the fewer, the more often transfers meet
     */
    public Bank(String url, int accounts) {
        if (accounts < 2) {
            throw new IllegalArgumentException("accounts must be at least 2, not " + accounts);
        }
        this.url = url;
        this.accounts = accounts;
    }

    /** Arguments: the URL, threads (8), transfers of each thread (100). */
    public static void main(String[] args) throws Exception {
        String url = args.length > 0 ? args[0] : DEFAULT_URL;
        int threads = args.length > 1 ? Integer.parseInt(args[1]) : 8;
        int transfers = args.length > 2 ? Integer.parseInt(args[2]) : 100;
        Bank bank = new Bank(url, 50);
        bank.create();
        long startNanos = System.nanoTime();
        Report report = bank.run(threads, transfers);
        System.out.printf(
                "%d transfers by %d threads in %.1f s, %d of them run again; %d audits passed%n",
                report.transfers(), threads, (System.nanoTime() - startNanos) / 1e9, report.retries(), report.audits());
    }

    /** Makes the tables anew, with every account at its opening balance. */
    public void create() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS ledger, account");
            statement.execute(
                    "CREATE TABLE account (id INT PRIMARY KEY, balance DECIMAL(18, 2) NOT NULL CHECK (balance >= 0))");
            statement.execute("CREATE TABLE ledger (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
                    + " source INT NOT NULL, target INT NOT NULL, amount DECIMAL(18, 2) NOT NULL)");
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO account VALUES (?, ?)")) {
                for (int id = 0; id < accounts; id++) {
                    insert.setInt(1, id);
                    insert.setBigDecimal(2, OPENING_BALANCE);
                    insert.addBatch();
                }
                insert.executeBatch();
            }
        }
    }

    /**
     * Runs the transfers, and audits until the last of them has ended and once more after it.
     *
     * @param threads that transfer, each on a connection of its own
     * @param transfersEach of every thread
     * @throws IllegalStateException when an audit finds money made or lost
     */
    public Report run(int threads, int transfersEach) throws SQLException, InterruptedException {
        retries.set(0);
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService pool = Executors.newFixedThreadPool(threads + 1);
        try {
            Future<Integer> auditor = pool.submit(() -> auditUntil(done));
            List<Future<Integer>> tellers = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                tellers.add(pool.submit((Callable<Integer>) () -> transfer(transfersEach)));
            }
            int transfers = 0;
            try {
                for (Future<Integer> teller : tellers) {
                    transfers += result(teller);
                }
            } finally {
                done.set(true);
            }
            return new Report(transfers, retries.get(), result(auditor));
        } finally {
            pool.shutdownNow();
        }
    }

    private int transfer(int count) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url)) {
            connection.setAutoCommit(false);
            for (int i = 0; i < count; i++) {
                ThreadLocalRandom random = ThreadLocalRandom.current();
                int source = random.nextInt(accounts);
                int target = (source + 1 + random.nextInt(accounts - 1)) % accounts;
                BigDecimal amount = BigDecimal.valueOf(random.nextInt(1, 50_000), 2);
                inTransaction(connection, c -> move(c, source, target, amount));
            }
        }
        return count;
    }

    /** Moves what is there, at most {@code amount}. */
    private static BigDecimal move(Connection connection, int source, int target, BigDecimal amount)
            throws SQLException {
        try (PreparedStatement read = connection.prepareStatement("SELECT balance FROM account WHERE id = ?");
                PreparedStatement add =
                        connection.prepareStatement("UPDATE account SET balance = balance + ? WHERE id = ?");
                PreparedStatement note =
                        connection.prepareStatement("INSERT INTO ledger (source, target, amount) VALUES (?, ?, ?)")) {
            read.setInt(1, source);
            BigDecimal moved;
            try (ResultSet rows = read.executeQuery()) {
                rows.next();
                moved = rows.getBigDecimal(1).min(amount);
            }
            add.setBigDecimal(1, moved.negate());
            add.setInt(2, source);
            add.executeUpdate();
            add.setBigDecimal(1, moved);
            add.setInt(2, target);
            add.executeUpdate();
            note.setInt(1, source);
            note.setInt(2, target);
            note.setBigDecimal(3, moved);
            note.executeUpdate();
            return moved;
        }
    }

    private int auditUntil(AtomicBoolean done) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url)) {
            connection.setAutoCommit(false);
            connection.setReadOnly(true);
            for (int audits = 1; ; audits++) {
                boolean last = done.get();
                String wrong = inTransaction(connection, this::audit);
                if (!wrong.isEmpty()) {
                    throw new IllegalStateException(wrong);
                }
                if (last) {
                    return audits;
                }
            }
        }
    }

    /** What is wrong, or an empty text: each balance must be what the ledger says, and their sum what it was at first. */
    private String audit(Connection connection) throws SQLException {
        BigDecimal[] balances = new BigDecimal[accounts];
        BigDecimal sum = BigDecimal.ZERO;
        try (Statement statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery("SELECT id, balance FROM account")) {
                while (rows.next()) {
                    balances[rows.getInt(1)] = rows.getBigDecimal(2);
                    sum = sum.add(rows.getBigDecimal(2));
                }
            }
            try (ResultSet rows = statement.executeQuery("SELECT source, target, amount FROM ledger")) {
                while (rows.next()) {
                    BigDecimal amount = rows.getBigDecimal(3);
                    balances[rows.getInt(1)] = balances[rows.getInt(1)].add(amount);
                    balances[rows.getInt(2)] = balances[rows.getInt(2)].subtract(amount);
                }
            }
        }
        BigDecimal expected = OPENING_BALANCE.multiply(BigDecimal.valueOf(accounts));
        if (sum.compareTo(expected) != 0) {
            return "the accounts hold " + sum + " and should hold " + expected;
        }
        for (int id = 0; id < accounts; id++) {
            if (balances[id].compareTo(OPENING_BALANCE) != 0) {
                return "account " + id + " does not follow from the ledger: it opened at " + balances[id];
            }
        }
        return "";
    }

    /** Runs {@code work} and commits it; again from its start when another transaction came in between. */
    private <T> T inTransaction(Connection connection, Work<T> work) throws SQLException {
        for (int tries = 1; ; tries++) {
            try {
                T result = work.run(connection);
                connection.commit();
                return result;
            } catch (SQLException e) {
                connection.rollback();
                if (!SERIALIZATION_FAILURE.equals(e.getSQLState()) || tries == TRIES_MAX) {
                    throw e;
                }
                retries.incrementAndGet();
                // Random, so that two that met do not meet again; longer each time, so that a crowd thins out.
                long limit = Math.min(PAUSE_NANOS_MAX, 100_000L << Math.min(tries, 10));
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(limit));
            }
        }
    }

    private static int result(Future<Integer> future) throws SQLException, InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
