package io.atlasdb.sql.session;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.CatalogStore;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.exec.Interrupt;
import io.atlasdb.sql.exec.Outcome;
import io.atlasdb.sql.exec.StatementContext;
import io.atlasdb.sql.plan.ResultColumn;
import io.atlasdb.sql.plan.RowCursor;
import io.atlasdb.sql.store.ReadMode;
import io.atlasdb.sql.tx.Savepoint;
import io.atlasdb.sql.tx.Transaction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs queries and DML of one session, each in a transaction of its own or in the open one. A failing statement takes back its
 * own writes; whether the transaction goes on is for {@link Failures#endsTransaction} to say. All methods need the session's lock.
 */
final class StatementRunner {
    private final LocalSession session;
    private final Sessions engine;
    private final Settings settings;

    StatementRunner(LocalSession session, Sessions engine, Settings settings) {
        this.session = session;
        this.engine = engine;
        this.settings = settings;
    }

    /** What is done with a plan inside a transaction. */
    private interface Work<T> {
        T run(Compiled.OfPlan plan, Frame frame);
    }

    /** Where a statement runs. {@code open} is null when the transaction is the statement's own. */
    record Frame(Transaction transaction, @Nullable OpenTransaction open, long micros, Interrupt interrupt) {
        boolean newSchema() {
            return open != null && open.changedSchema();
        }
    }

    /** Runs a statement once. */
    Execution execute(
            LocalPrepared prepared,
            List<? extends @Nullable Object> parameters,
            ExecuteOptions options,
            Interrupt interrupt) {
        return run(prepared, interrupt, (plan, frame) -> once(plan, frame, parameters, options));
    }

    /** Runs DML once per row of parameters, all or nothing. */
    BatchCounts executeBatch(
            LocalPrepared prepared,
            List<? extends List<? extends @Nullable Object>> rows,
            boolean generatedKeys,
            Interrupt interrupt) {
        ExecuteOptions options = new ExecuteOptions(0, 0, generatedKeys);
        return run(prepared, interrupt, (plan, frame) -> {
            long[] counts = new long[rows.size()];
            BatchKeys keys = new BatchKeys(settings.memoryBudgetBytes());
            for (int i = 0; i < counts.length; i++) {
                try {
                    Execution execution = once(plan, frame, rows.get(i), options);
                    counts[i] = execution.updateCount();
                    keys.add(execution.keys());
                } catch (AtlasException e) {
                    throw e.at("row " + (i + 1) + " of the batch");
                }
            }
            return new BatchCounts(counts, keys.all());
        });
    }

    private <T> T run(LocalPrepared prepared, Interrupt interrupt, Work<T> work) {
        Compiled compiled = prepared.compiled();
        if (prepared.asOf() != null) {
            if (session.openTransaction() != null) {
                throw ErrorCode.TRANSACTION_OPEN.error(
                        "AS OF SYSTEM TIME in a statement; let the transaction begin with it");
            }
            return alone(prepared, true, interrupt, work);
        }
        boolean readsOnly = compiled instanceof Compiled.OfPlan plan && plan.readsOnly();
        OpenTransaction open = session.transactionForStatement();
        if (!readsOnly
                && (open == null ? settings.readOnly() : open.transaction().readOnly())) {
            throw ErrorCode.READ_ONLY.error("a statement that writes");
        }
        return open == null
                ? alone(prepared, readsOnly, interrupt, work)
                : within(open, prepared, readsOnly, interrupt, work);
    }

    /** In a transaction of its own, again and again while others come in between; nothing has left the server by then. */
    private <T> T alone(LocalPrepared prepared, boolean readsOnly, Interrupt interrupt, Work<T> work) {
        Backoff backoff = new Backoff();
        boolean caughtUp = false;
        for (boolean first = true; ; first = false) {
            Transaction transaction = transaction(prepared, readsOnly, first);
            boolean kept = false;
            try {
                Compiled.OfPlan plan = SchemaCheck.planned(
                        transaction.snapshot(),
                        () -> session.planned(
                                prepared, engine.catalogs().at(transaction.snapshot()), false, interrupt));
                Frame frame = new Frame(transaction, null, Sessions.nowMicros(), interrupt);
                T result = work.run(plan, frame);
                if (readsOnly) {
                    kept = true;
                } else {
                    for (Table table : SchemaCheck.stored(plan)) {
                        transaction.guard(CatalogStore.guard(table));
                    }
                    interrupt.checkNow();
                    settings.wrote(interrupt.await(transaction.commit()));
                }
                return result;
            } catch (SchemaCheck.Outdated e) {
                transaction.rollback();
                if (caughtUp || !SchemaCheck.isOfNames(e.failure)) {
                    backoff.next(e.failure, interrupt);
                }
                caughtUp = true;
            } catch (AtlasException e) {
                transaction.rollback();
                // A draft may not have seen a right that was given just now.
                if (!(first && !readsOnly && e.code() == ErrorCode.DENIED)) {
                    backoff.next(e, interrupt);
                }
            } finally {
                if (!kept) {
                    transaction.rollback();
                }
            }
        }
    }

    private Transaction transaction(LocalPrepared prepared, boolean readsOnly, boolean first) {
        String asOf = prepared.asOf();
        if (asOf != null) {
            return new Transaction(engine.snapshotAt(asOf), engine.store());
        }
        if (first && !readsOnly) {
            return Transaction.draft(engine.store(), settings.isolation());
        }
        ReadMode mode = readsOnly ? settings.readMode() : ReadMode.STRONG;
        return new Transaction(engine.store(), settings.isolation(), readsOnly, mode);
    }

    private <T> T within(
            OpenTransaction open, LocalPrepared prepared, boolean readsOnly, Interrupt interrupt, Work<T> work) {
        Transaction transaction = open.transaction();
        Savepoint start = null;
        open.use();
        try {
            transaction.beginStatement();
            Compiled.OfPlan plan = open.changedSchema()
                    ? session.planned(prepared, open.catalog(engine.catalogs()), true, interrupt)
                    : SchemaCheck.planned(
                            transaction.snapshot(),
                            () -> session.planned(prepared, open.catalog(engine.catalogs()), false, interrupt));
            if (!readsOnly) {
                open.detachRows();
                start = transaction.savepoint();
            }
            open.guard(SchemaCheck.stored(plan), engine.catalogs());
            T result = work.run(plan, new Frame(transaction, open, open.startMicros(), interrupt));
            if (start != null) {
                transaction.release(start);
            }
            return result;
        } catch (RuntimeException | Error e) {
            AtlasException failure = Failures.of(e instanceof SchemaCheck.Outdated outdated ? outdated.failure : e);
            if (Failures.endsTransaction(failure)) {
                open.fail();
            } else if (start != null) {
                transaction.rollbackTo(start);
                transaction.release(start);
            }
            throw failure;
        }
    }

    /** Runs a plan in a transaction, which it does not end unless all rows were read. */
    Execution once(
            Compiled.OfPlan plan, Frame frame, List<? extends @Nullable Object> parameters, ExecuteOptions options) {
        List<@Nullable Object> arguments = Arguments.convert(plan.parameters(), parameters);
        StatementContext statement = engine.executor()
                .statement(
                        frame.transaction(),
                        new StatementContext.Scope(
                                session.identity(), settings.schema(), frame.micros(), frame.newSchema()),
                        arguments,
                        plan.planned().literals(),
                        frame.interrupt(),
                        settings.memoryBudgetBytes());
        boolean kept = false;
        try {
            Outcome outcome = engine.executor().run(plan.planned().plan(), statement, options.generatedKeys());
            RowCursor cursor = outcome.rows();
            if (cursor == null) {
                return new Execution(List.of(), null, outcome.updateCount(), keys(outcome));
            }
            if (outcome.complete()) {
                if (frame.open() == null && plan.readsOnly()) {
                    frame.transaction().rollback();
                }
                return new Execution(outcome.columns(), new FixedRows(cursor, options.rowsMax()), -1, null);
            }
            LocalRows rows = new LocalRows(
                    session,
                    cursor,
                    statement,
                    frame.interrupt(),
                    frame.open() == null ? frame.transaction() : null,
                    options.rowsMax());
            kept = true;
            session.opened(rows, frame.open());
            return new Execution(outcome.columns(), rows, -1, null);
        } finally {
            if (!kept) {
                statement.close();
            }
        }
    }

    private static Execution.@Nullable GeneratedKeys keys(Outcome outcome) {
        List<ResultColumn> columns = outcome.keyColumns();
        List<@Nullable Object[]> rows = outcome.keys();
        return columns == null || rows == null ? null : new Execution.GeneratedKeys(columns, rows);
    }
}
