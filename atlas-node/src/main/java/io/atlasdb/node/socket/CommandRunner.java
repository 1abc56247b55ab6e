package io.atlasdb.node.socket;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.access.Identities;
import io.atlasdb.sql.store.Impatience;
import io.atlasdb.sql.store.WouldWait;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs commands on the key space and the cluster. Short ones begin on the thread that reads the socket as long as they need not wait,
 * since waking another one would cost more than the command; all others run away from it.
 */
final class CommandRunner {
    private static final Logger OPS = LoggerFactory.getLogger("ops");

    /** A larger value is not encoded where other connections wait. */
    private static final int SHORT_BYTES_MAX = 64 << 10;

    private final KeySpace keys;
    private final @Nullable KeySpace impatient;
    private final ClusterInfo cluster;
    private final ByteBudget budget;
    private final Identities identities;
    private final Executor workers;
    private final Executor transfers;
    private final Teller teller;

    /** Commands run by {@code workers}, pieces of values are read and written by {@code transfers}. */
    CommandRunner(
            KeySpace keys,
            ClusterInfo cluster,
            Identities identities,
            ByteBudget budget,
            Executor workers,
            Executor transfers,
            Teller teller) {
        this.keys = keys;
        this.impatient = keys.impatient();
        this.cluster = cluster;
        this.budget = budget;
        this.identities = identities;
        this.workers = workers;
        this.transfers = transfers;
        this.teller = teller;
    }

    Teller teller() {
        return teller;
    }

    Executor transfers() {
        return transfers;
    }

    /** Begins to write a value that follows its command. */
    KeySpace.Incoming open(Command.BlobSet command, @Nullable String principal, Freshness freshness) {
        KeyName key = command.key();
        return keys.reading(freshness).write(key.table(), key.row(), command.bytes(), identities.of(principal));
    }

    /** Commits a value that is here. The future always completes with an answer. */
    CompletableFuture<Answer> commit(Supplier<KeySpace.Incoming> value) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        try {
            transfers.execute(() ->
                    start(() -> value.get().commit().thenApply(done -> Answer.OK), answer, busy(answer)));
        } catch (RejectedExecutionException e) {
            answer.complete(Answer.of(ErrorCode.BUSY.error("too many values are on their way")));
        }
        return answer;
    }

    /** Whether a command answers with data, which the node must hold until the client took it. */
    static boolean reads(Command command) {
        return command instanceof Command.Get
                || command instanceof Command.BlobGet
                || command instanceof Command.Scan
                || command instanceof Command.Count
                || command instanceof Command.Sample;
    }

    /**
     * Runs a command. The future always completes with an answer, an error among them.
     *
     * @param principal who asks, or null
     * @param freshness of what it reads
     * @param cancelled says that nobody waits for the answer any more
     */
    CompletableFuture<Answer> run(
            Command command, @Nullable String principal, Freshness freshness, BooleanSupplier cancelled) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        KeySpace patient = keys.reading(freshness);
        Runnable work = () -> start(
                () -> command.accept(new Execution(patient, cluster, identities, budget, principal, cancelled)),
                answer,
                busy(answer));
        if (impatient != null && isShort(command)) {
            KeySpace atHand = impatient.reading(freshness);
            start(
                    () -> Impatience.call(() ->
                            command.accept(new Execution(atHand, cluster, identities, budget, principal, cancelled))),
                    answer,
                    () -> onWorker(work, answer));
        } else {
            onWorker(work, answer);
        }
        return answer;
    }

    /** Where a command may wait, nothing says that it would have to. */
    private static Runnable busy(CompletableFuture<Answer> answer) {
        return () -> answer.complete(Answer.of(ErrorCode.BUSY.error("it would have to wait")));
    }

    private static boolean isShort(Command command) {
        return command instanceof Command.Get
                || command instanceof Command.Delete
                || (command instanceof Command.Put put && put.value().length <= SHORT_BYTES_MAX);
    }

    private void onWorker(Runnable work, CompletableFuture<Answer> answer) {
        try {
            workers.execute(work);
        } catch (RejectedExecutionException e) {
            answer.complete(Answer.of(ErrorCode.BUSY.error("too many commands are waiting")));
        }
    }

    /**
     * Starts a command.
     *
     * @param wouldWait what to do when it cannot go on without waiting
     */
    private static void start(
            Supplier<CompletableFuture<Answer>> execution, CompletableFuture<Answer> answer, Runnable wouldWait) {
        try {
            execution.get().whenComplete((given, error) -> {
                if (error == null) {
                    answer.complete(given);
                } else if (cause(error) instanceof WouldWait) {
                    wouldWait.run();
                } else {
                    answer.complete(failure(error));
                }
            });
        } catch (WouldWait e) {
            wouldWait.run();
        } catch (RuntimeException | Error e) {
            // An error of the virtual machine reaches its own handler as well; the client must not wait for ever.
            answer.complete(failure(e));
            if (e instanceof Error fault) {
                throw fault;
            }
        }
    }

    private static Throwable cause(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }

    /** The answer for whatever went wrong. */
    static Answer failure(Throwable error) {
        Throwable cause = cause(error);
        if (cause instanceof AtlasException known) {
            return Answer.of(known);
        }
        String id = UUID.randomUUID().toString().substring(0, 8);
        OPS.error("internal error {} in a socket command", id, cause);
        return Answer.of(ErrorCode.INTERNAL.error(id));
    }
}
