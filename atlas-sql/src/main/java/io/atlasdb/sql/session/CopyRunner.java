package io.atlasdb.sql.session;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.exec.Interrupt;
import io.atlasdb.sql.exec.StatementContext;
import io.atlasdb.sql.plan.RowCursor;
import io.atlasdb.sql.tx.Isolation;
import io.atlasdb.sql.tx.Transaction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs {@link CopyStatement}s of one session. All methods need the session's lock. */
final class CopyRunner {
    private final LocalSession session;
    private final Sessions engine;
    private final Settings settings;

    CopyRunner(LocalSession session, Sessions engine, Settings settings) {
        this.session = session;
        this.engine = engine;
        this.settings = settings;
    }

    Execution execute(
            CopyStatement statement,
            List<? extends @Nullable Object> parameters,
            ExecuteOptions options,
            Interrupt interrupt) {
        session.requireNoTransaction(statement + " CLUSTER");
        if (statement == CopyStatement.BACKUP) {
            return backup(options, interrupt);
        }
        if (settings.readOnly()) {
            throw ErrorCode.READ_ONLY.error("RESTORE CLUSTER");
        }
        if (!(parameters.get(0) instanceof byte[] chunk)) {
            throw ErrorCode.INVALID_PARAMETER.error("the chunk", parameters.get(0), "it must be bytes");
        }
        ClusterCopies.Restored restored = engine.copies().restore(session.identity(), chunk, interrupt::checkNow);
        if (restored.complete()) {
            engine.resumeIndexes();
        }
        return new Execution(List.of(), null, restored.rows(), null);
    }

    private Execution backup(ExecuteOptions options, Interrupt interrupt) {
        RowCursor cursor = engine.copies().backup(session.identity(), interrupt::checkNow);
        // Reads nothing: the cursor has snapshots of its own. It stands for what every open result needs to be ended
        // by.
        Transaction nothing = new Transaction(engine.store(), Isolation.REPEATABLE_READ, true);
        StatementContext.Scope scope =
                new StatementContext.Scope(session.identity(), settings.schema(), Sessions.nowMicros(), false);
        StatementContext context = engine.executor()
                .statement(nothing, scope, List.of(), List.of(), interrupt, settings.memoryBudgetBytes());
        LocalRows rows = new LocalRows(session, cursor, context, interrupt, nothing, options.rowsMax());
        session.opened(rows, null);
        return new Execution(CopyStatement.BACKUP.columns(), rows, -1, null);
    }
}
