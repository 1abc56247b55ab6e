package io.atlasdb.sql.session;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.Catalog;
import io.atlasdb.sql.catalog.CatalogStore;
import io.atlasdb.sql.catalog.Column;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.exec.Interrupt;
import io.atlasdb.sql.plan.InsertPlan;
import io.atlasdb.sql.plan.KeyDeletePlan;
import io.atlasdb.sql.plan.KeyGetPlan;
import io.atlasdb.sql.plan.KeyUpdatePlan;
import io.atlasdb.sql.plan.Plan;
import io.atlasdb.sql.store.Impatience;
import io.atlasdb.sql.store.ReadMode;
import io.atlasdb.sql.store.Snapshot;
import io.atlasdb.sql.store.WouldWait;
import io.atlasdb.sql.system.SystemTables;
import io.atlasdb.sql.tx.Transaction;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Runs short statements on a thread that must not wait: those by primary key, whose plan is at hand and which find what they read
 * at hand, too. It makes one try; whatever does not go as hoped is left to {@link StatementRunner}, which may wait and try again.
 */
final class AtOnce {
    /** An insert of more rows is no short statement. */
    private static final int ROWS_MAX = 16;

    private final Sessions engine;
    private final Settings settings;
    private final StatementRunner runner;
    private volatile @Nullable UnderWay underWay;

    /** A statement whose thread has gone on; only its commit is waited for. */
    private static final class UnderWay {
        final Interrupt interrupt;
        final CompletableFuture<@Nullable Execution> result = new CompletableFuture<>();

        UnderWay(Interrupt interrupt) {
            this.interrupt = interrupt;
        }
    }

    AtOnce(Sessions engine, Settings settings, StatementRunner runner) {
        this.engine = engine;
        this.settings = settings;
        this.runner = runner;
    }

    /**
     * Starts a statement, under the session's lock and outside a transaction.
     *
     * @return see {@link Session#executeAtOnce}
     */
    @Nullable
    CompletableFuture<@Nullable Execution> start(
            LocalPrepared prepared,
            List<? extends @Nullable Object> parameters,
            ExecuteOptions options,
            Interrupt interrupt) {
        return isShort(prepared, options)
                ? Impatience.call(() -> begin(prepared, parameters, options, interrupt))
                : null;
    }

    private @Nullable CompletableFuture<@Nullable Execution> begin(
            LocalPrepared prepared,
            List<? extends @Nullable Object> parameters,
            ExecuteOptions options,
            Interrupt interrupt) {
        Compiled.OfPlan plan = (Compiled.OfPlan) prepared.compiled();
        Transaction transaction = Transaction.impatient(engine.store(), settings.isolation(), plan.readsOnly());
        try {
            Compiled.OfPlan current =
                    SchemaCheck.planned(transaction.snapshot(), () -> current(prepared, transaction.snapshot()));
            // Who acts is read from group 0, which would be waited for where it is not at hand.
            engine.principals().at(transaction.snapshot());
            Execution execution = runner.once(
                    current,
                    new StatementRunner.Frame(transaction, null, Sessions.nowMicros(), interrupt),
                    parameters,
                    options);
            if (plan.readsOnly()) {
                return CompletableFuture.completedFuture(execution);
            }
            for (Table table : plan.planned().plan().tables()) {
                transaction.guard(CatalogStore.guard(table));
            }
            return committed(execution, transaction.commit(), interrupt);
        } catch (WouldWait | SchemaCheck.Outdated e) {
            return null;
        } catch (RuntimeException | StackOverflowError e) {
            AtlasException failure = Failures.of(e);
            // A draft may not have seen a right that was given just now.
            boolean again = Backoff.isWorthwhile(failure) || failure.code() == ErrorCode.DENIED;
            return again ? null : CompletableFuture.failedFuture(failure);
        } finally {
            transaction.rollback();
        }
    }

    /** Whether it is one of the statements that are done in no time, and may begin now as far as the settings go. */
    private boolean isShort(LocalPrepared prepared, ExecuteOptions options) {
        if (!(prepared.compiled() instanceof Compiled.OfPlan compiled)
                || prepared.asOf() != null
                || options.timeoutMs() > 0
                || settings.statementTimeoutMs() > 0) {
            return false;
        }
        if (compiled.readsOnly() ? settings.readMode().kind() != ReadMode.Kind.STRONG : settings.readOnly()) {
            return false;
        }
        Plan plan = compiled.planned().plan();
        if (plan instanceof KeyGetPlan get) {
            return !SystemTables.isSystem(get.table());
        }
        if (plan instanceof InsertPlan insert) {
            return insert.source() == null
                    && insert.rows().size() <= ROWS_MAX
                    && insert.table().columns().stream().allMatch(column -> column.identity() == Column.Identity.NONE);
        }
        return plan instanceof KeyUpdatePlan || plan instanceof KeyDeletePlan;
    }

    /** The plan, which must be that of the catalog that the snapshot sees. */
    private Compiled.OfPlan current(LocalPrepared prepared, Snapshot snapshot) {
        LocalPrepared.Version version = prepared.version();
        Catalog catalog = engine.catalogs().at(snapshot);
        if (version.catalogVersion() != catalog.version()
                || !version.schema().equals(settings.schema())
                || !(version.compiled() instanceof Compiled.OfPlan plan)) {
            throw new WouldWait(); // for the planner
        }
        return plan;
    }

    /** What stops the statement that waits for its commit; null when there is none. From any thread. */
    @Nullable
    Interrupt interrupt() {
        UnderWay now = underWay;
        return now == null ? null : now.interrupt;
    }

    /** Lets the statement that waits for its commit end before another one begins; a commit has a deadline. */
    void await() {
        UnderWay before = underWay;
        if (before != null) {
            before.result.handle((execution, failure) -> execution).join();
        }
    }

    private CompletableFuture<@Nullable Execution> committed(
            Execution execution, CompletableFuture<Long> commit, Interrupt interrupt) {
        UnderWay begun = new UnderWay(interrupt);
        underWay = begun;
        commit.whenComplete((timestamp, failure) -> {
            if (failure == null) {
                settings.wrote(timestamp);
                end(begun, execution, null);
                return;
            }
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            AtlasException known =
                    cause instanceof AtlasException error ? error : ErrorCode.INTERNAL.error(cause, "in commit");
            end(begun, null, Backoff.isWorthwhile(known) ? null : known);
        });
        if (!begun.result.isDone()) {
            interrupt.stopped().thenRun(() -> end(begun, null, interrupt.unknown()));
        }
        return begun.result;
    }

    private void end(UnderWay begun, @Nullable Execution execution, @Nullable AtlasException failure) {
        if (underWay == begun) {
            underWay = null; // before the future completes, so that it cannot be the next statement's
        }
        if (failure == null) {
            begun.result.complete(execution);
        } else {
            begun.result.completeExceptionally(failure);
        }
    }
}
