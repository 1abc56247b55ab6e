package io.atlasdb.sql.session;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.Column;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.exec.Interrupt;
import io.atlasdb.sql.exec.StatementContext;
import io.atlasdb.sql.exec.ddl.DdlContext;
import io.atlasdb.sql.exec.ddl.ExpressionCompiler;
import io.atlasdb.sql.exec.ddl.FollowUp;
import io.atlasdb.sql.plan.RowExpression;
import io.atlasdb.sql.plan.ddl.DdlCommand;
import io.atlasdb.sql.tx.Isolation;
import io.atlasdb.sql.tx.Savepoint;
import io.atlasdb.sql.tx.Transaction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs DDL, in a transaction of its own or in the open one, and what is left to be done after its commit. */
final class DdlRunner {
    private static final @Nullable Object[] NO_ROW = {};

    private final LocalSession session;
    private final Sessions engine;
    private final Settings settings;

    DdlRunner(LocalSession session, Sessions engine, Settings settings) {
        this.session = session;
        this.engine = engine;
        this.settings = settings;
    }

    Execution run(DdlCommand command, Interrupt interrupt) {
        OpenTransaction open = session.transactionForStatement();
        if (open == null ? settings.readOnly() : open.transaction().readOnly()) {
            throw ErrorCode.READ_ONLY.error("a change of the schema");
        }
        if (open == null) {
            alone(command, interrupt);
        } else {
            within(open, command, interrupt);
        }
        return new Execution(List.of(), null, 0, null);
    }

    /** Does what committed statements left: indexes are filled before the statement is done, old entries cleared beside it. */
    void finish(List<FollowUp> followUps, Interrupt interrupt) {
        for (FollowUp followUp : followUps) {
            if (!followUp.builds().isEmpty()) {
                engine.indexBuilder().finish(new FollowUp(followUp.builds(), List.of()), interrupt::checkNow);
            }
            if (!followUp.purges().isEmpty()) {
                engine.later(check -> engine.indexBuilder().finish(new FollowUp(List.of(), followUp.purges()), check));
            }
        }
    }

    private void alone(DdlCommand command, Interrupt interrupt) {
        Backoff backoff = new Backoff();
        while (true) {
            try (Transaction transaction = new Transaction(engine.store(), Isolation.SERIALIZABLE, false)) {
                FollowUp followUp = execute(command, transaction, Sessions.nowMicros(), false, interrupt);
                interrupt.checkNow();
                settings.wrote(interrupt.await(transaction.commit()));
                finish(List.of(followUp), interrupt);
                return;
            } catch (AtlasException e) {
                backoff.next(e, interrupt);
            }
        }
    }

    private void within(OpenTransaction open, DdlCommand command, Interrupt interrupt) {
        Transaction transaction = open.transaction();
        open.use();
        open.detachRows();
        Savepoint start = transaction.savepoint();
        try {
            open.followUp(execute(command, transaction, open.startMicros(), true, interrupt));
            transaction.release(start);
        } catch (RuntimeException | Error e) {
            AtlasException failure = Failures.of(e);
            if (Failures.endsTransaction(failure)) {
                open.fail();
            } else {
                transaction.rollbackTo(start);
                transaction.release(start);
            }
            throw failure;
        } finally {
            open.schemaChanges();
        }
    }

    private FollowUp execute(
            DdlCommand command, Transaction transaction, long micros, boolean explicit, Interrupt interrupt) {
        StatementContext.Scope scope = new StatementContext.Scope(session.identity(), settings.schema(), micros, true);
        try (StatementContext statement = engine.executor()
                .statement(transaction, scope, List.of(), List.of(), interrupt, settings.memoryBudgetBytes())) {
            return engine.ddl()
                    .execute(
                            command,
                            new DdlContext(
                                    transaction, scope.identity(), settings.schema(), explicit, new Texts(statement)));
        }
    }

    /** Compiles the texts of a definition and evaluates them within the statement. */
    private record Texts(StatementContext statement) implements ExpressionCompiler {
        @Override
        public Value defaultOf(Table table, Column column, String sql) {
            RowExpression expression = new PlannedExpressions().defaultOf(table, column, sql);
            return () -> expression.eval(NO_ROW, statement);
        }

        @Override
        public Condition checkOf(Table table, String sql) {
            RowExpression expression = new PlannedExpressions().checkOf(table, sql);
            return row -> Boolean.FALSE.equals(expression.eval(row, statement));
        }
    }
}
