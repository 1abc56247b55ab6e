package io.atlasdb.node.kv;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.Impatience;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waiting for another thread's answer, with an end. */
final class Waits {
    private static final long WAIT_MS = Router.REQUEST_MS + 1_000;

    private Waits() {}

    /**
     * The result of a future.
     *
     * @throws AtlasException as the future failed; {@code NO_QUORUM} when it takes too long; {@code CANCELLED} when the thread is
     *     interrupted; {@link io.atlasdb.sql.store.WouldWait} on a thread that must not wait
     */
    static <T> T await(CompletableFuture<T> future, String what) {
        if (!future.isDone()) {
            Impatience.check();
        }
        try {
            return future.get(WAIT_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ErrorCode.CANCELLED.error();
        } catch (TimeoutException e) {
            throw ErrorCode.NO_QUORUM.error(e, what + " did not arrive at this node within " + WAIT_MS + " ms");
        } catch (ExecutionException e) {
            throw Router.unwrap(Objects.requireNonNullElse(e.getCause(), e)) instanceof AtlasException known
                    ? known
                    : ErrorCode.INTERNAL.error(e, "in reading " + what);
        }
    }
}
