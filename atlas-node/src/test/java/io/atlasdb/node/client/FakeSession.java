package io.atlasdb.node.client;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.Catalog;
import io.atlasdb.sql.catalog.SqlType;
import io.atlasdb.sql.plan.Parameter;
import io.atlasdb.sql.plan.ResultColumn;
import io.atlasdb.sql.session.BatchCounts;
import io.atlasdb.sql.session.ExecuteOptions;
import io.atlasdb.sql.session.Execution;
import io.atlasdb.sql.session.Prepared;
import io.atlasdb.sql.session.Rows;
import io.atlasdb.sql.session.Session;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A session of made-up statements: {@code ROWS n} has n rows of ID and NAME, made when they are read; {@code ECHO type[(p[,s])]} has
 * one row with its parameter; {@code INSERT ?} keeps its parameter, in the transaction or at once; {@code COUNT} counts what is kept;
 * {@code SLEEP} runs until it is stopped; {@code FAIL code} fails; {@code CRASH} has a bug; {@code MANY} writes 5 billion rows;
 * {@code SAVEPOINT}, {@code ROLLBACK TO} do what they say.
 */
final class FakeSession implements Session {
    private final FakeDatabase database;
    private final List<Object> pending = new ArrayList<>();
    private String schema;
    private boolean autoCommit = true;
    private boolean readOnly;
    private boolean inTransaction;
    private boolean closed;
    private int savepoint;
    private boolean cancelled;
    private final Object monitor = new Object();
    private boolean running;

    FakeSession(FakeDatabase database, String schema) {
        this.database = database;
        this.schema = schema;
    }

    record FakePrepared(String sql, Kind kind, List<ResultColumn> columns, List<Parameter> parameters)
            implements Prepared {}

    private static ResultColumn column(String label, SqlType type) {
        return new ResultColumn(label, type, true, "PUBLIC", "T_A", label, false);
    }

    private List<ResultColumn> columns(String verb, String[] words) {
        SqlType bigint = SqlType.of(SqlType.Kind.BIGINT);
        return switch (verb) {
            case "ROWS" ->
                database.schemaVersion == 1
                        ? List.of(column("ID", bigint), column("NAME", SqlType.of(SqlType.Kind.VARCHAR, 40)))
                        : List.of(column("ID", bigint));
            case "COUNT", "SLEEP" -> List.of(column("N", bigint));
            case "ECHO" -> List.of(column("V", type(words[1])));
            default -> List.of();
        };
    }

    private static SqlType type(String text) {
        String[] parts = text.split("[(),]", -1);
        SqlType.Kind kind = SqlType.Kind.valueOf(parts[0]);
        if (parts.length < 2) {
            return SqlType.of(kind);
        }
        return new SqlType(kind, Integer.parseInt(parts[1]), parts.length > 3 ? Integer.parseInt(parts[2]) : 0);
    }

    @Override
    public Prepared prepare(String sql) {
        String[] words = sql.split(" ", -1);
        SqlType text = SqlType.of(SqlType.Kind.VARCHAR);
        return switch (words[0]) {
            case "ROWS", "COUNT", "SLEEP" ->
                new FakePrepared(sql, Prepared.Kind.QUERY, columns(words[0], words), List.of());
            case "ECHO" ->
                new FakePrepared(
                        sql,
                        Prepared.Kind.QUERY,
                        columns(words[0], words),
                        List.of(new Parameter(type(words[1]), true)));
            case "INSERT" ->
                new FakePrepared(
                        sql,
                        Prepared.Kind.DML,
                        List.of(),
                        sql.contains("?") ? List.of(new Parameter(text, true)) : List.of());
            case "MANY", "FAIL", "CRASH" -> new FakePrepared(sql, Prepared.Kind.DML, List.of(), List.of());
            case "SAVEPOINT", "ROLLBACK", "RELEASE" ->
                new FakePrepared(sql, Prepared.Kind.CONTROL, List.of(), List.of());
            default -> throw ErrorCode.SYNTAX.error("syntax error at \"" + words[0] + "\"");
        };
    }

    @Override
    public synchronized Execution execute(
            Prepared prepared, List<? extends @Nullable Object> parameters, ExecuteOptions options) {
        if (closed) {
            throw ErrorCode.CONNECTION_CLOSED.error();
        }
        synchronized (monitor) {
            running = true;
            cancelled = false;
        }
        try {
            return run(prepared.sql().split(" ", -1), parameters, options);
        } finally {
            synchronized (monitor) {
                running = false;
            }
        }
    }

    private Execution run(String[] words, List<? extends @Nullable Object> parameters, ExecuteOptions options) {
        inTransaction = !autoCommit;
        List<ResultColumn> columns = columns(words[0], words);
        switch (words[0]) {
            case "ROWS" -> {
                long count = Long.parseLong(words[1]);
                long max = options.rowsMax() > 0 ? Math.min(count, options.rowsMax()) : count;
                return new Execution(columns, new Made(max, columns.size(), null), -1, null);
            }
            case "ECHO" -> {
                return new Execution(columns, new Made(1, 1, new Object[] {parameters.get(0)}), -1, null);
            }
            case "COUNT" -> {
                long n = (long) database.committed.size() + pending.size();
                return new Execution(columns, new Made(1, 1, new Object[] {n}), -1, null);
            }
            case "SLEEP" -> {
                sleep(options.timeoutMs());
                return new Execution(columns, new Made(1, 1, new Object[] {0L}), -1, null);
            }
            case "INSERT" -> {
                insert(parameters);
                Execution.GeneratedKeys keys = options.generatedKeys()
                        ? new Execution.GeneratedKeys(
                                List.of(column("ID", SqlType.of(SqlType.Kind.BIGINT))),
                                List.<@Nullable Object[]>of(new Object[] {77L}))
                        : null;
                return new Execution(List.of(), null, 1, keys);
            }
            case "MANY" -> {
                return new Execution(List.of(), null, 5_000_000_000L, null);
            }
            case "FAIL" -> throw ErrorCode.valueOf(words[1]).error("this", "that", "more");
            case "CRASH" -> throw new IllegalStateException("secret detail");
            case "SAVEPOINT" -> savepoint = pending.size();
            case "ROLLBACK" -> pending.subList(savepoint, pending.size()).clear();
            default -> {
                // RELEASE changes nothing here.
            }
        }
        return new Execution(List.of(), null, 0, null);
    }

    private void insert(List<? extends @Nullable Object> parameters) {
        Object value = parameters.isEmpty() || parameters.get(0) == null ? "null" : parameters.get(0);
        if (value.equals("duplicate")) {
            throw ErrorCode.UNIQUE.error("T_A", "duplicate");
        }
        if (readOnly) {
            throw ErrorCode.READ_ONLY.error("INSERT");
        }
        if (autoCommit) {
            database.committed.add(value);
        } else {
            pending.add(value);
        }
    }

    private void sleep(long timeoutMs) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs > 0 ? timeoutMs : 60_000);
        database.sleeping.incrementAndGet();
        try {
            synchronized (monitor) {
                while (!cancelled && System.nanoTime() < until) {
                    monitor.wait(10);
                }
                if (cancelled) {
                    throw ErrorCode.CANCELLED.error();
                }
            }
            throw ErrorCode.TIMED_OUT.error(timeoutMs);
        } catch (InterruptedException e) {
            throw ErrorCode.SHUTTING_DOWN.error();
        } finally {
            database.sleeping.decrementAndGet();
        }
    }

    @Override
    public BatchCounts executeBatch(
            Prepared prepared, List<? extends List<? extends @Nullable Object>> rows, ExecuteOptions options) {
        int before = database.committed.size();
        for (List<? extends @Nullable Object> row : rows) {
            try {
                execute(prepared, row, options);
            } catch (RuntimeException e) {
                database.committed.subList(before, database.committed.size()).clear();
                throw e;
            }
        }
        long[] counts = new long[rows.size()];
        Arrays.fill(counts, 1);
        return new BatchCounts(counts, null);
    }

    @Override
    public synchronized void commit() {
        database.committed.addAll(pending);
        pending.clear();
        inTransaction = false;
    }

    @Override
    public synchronized void rollback() {
        pending.clear();
        inTransaction = false;
    }

    @Override
    public boolean autoCommit() {
        return autoCommit;
    }

    @Override
    public synchronized void setAutoCommit(boolean autoCommit) {
        if (autoCommit && !this.autoCommit) {
            commit();
        }
        this.autoCommit = autoCommit;
    }

    @Override
    public boolean inTransaction() {
        return inTransaction;
    }

    @Override
    public boolean readOnly() {
        return readOnly;
    }

    @Override
    public void setReadOnly(boolean readOnly) {
        this.readOnly = readOnly;
    }

    @Override
    public int isolation() {
        return Connection.TRANSACTION_SERIALIZABLE;
    }

    @Override
    public void setIsolation(int level) {
        if (level != Connection.TRANSACTION_SERIALIZABLE) {
            throw ErrorCode.UNSUPPORTED.error("isolation level " + level);
        }
    }

    @Override
    public String schema() {
        return schema;
    }

    @Override
    public void setSchema(String schema) {
        if (schema.equals("NOWHERE")) {
            throw ErrorCode.NO_SUCH_SCHEMA.error(schema, "");
        }
        this.schema = schema;
    }

    @Override
    public Catalog catalog() {
        return FakeDatabase.catalog();
    }

    @Override
    public void cancel() {
        synchronized (monitor) {
            if (running) {
                cancelled = true;
                monitor.notifyAll();
            }
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            pending.clear();
            database.openSessions.decrementAndGet();
        }
    }

    /** Rows that come into being when they are read. */
    private final class Made implements Rows {
        private final long count;
        private final int width;
        private final @Nullable Object @Nullable [] fixed;
        private long at;
        private boolean open = true;

        Made(long count, int width, @Nullable Object @Nullable [] fixed) {
            this.count = count;
            this.width = width;
            this.fixed = fixed;
            database.openRows.incrementAndGet();
        }

        @Override
        public boolean next() {
            if (at >= count) {
                return false;
            }
            at++;
            database.produced.incrementAndGet();
            return true;
        }

        @Override
        public @Nullable Object[] row() {
            if (fixed != null) {
                return fixed.clone();
            }
            return width == 1 ? new Object[] {at} : new Object[] {at, "name " + at};
        }

        @Override
        public void close() {
            if (open) {
                open = false;
                database.openRows.decrementAndGet();
            }
        }
    }
}
