package io.atlasdb.node.socket;

import io.atlasdb.sql.store.LargeValue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one {@code KEY BLOB SET} on their way in. On the connection's event loop, but for what it gives to workers.
 *
 * <p>While a worker stores one piece the next one is filled; then nothing more is read, so that the client waits. Once the value
 * is refused the rest is thrown away, since the next command stands behind it.
 */
final class BlobReceiver {
    /** What a transfer holds: a piece that is filled and one that is stored, bytes. */
    static final long HELD_BYTES = 2L * LargeValue.CHUNK_BYTES;

    private final Request request;
    private final Supplier<KeySpace.Incoming> opener;
    private final Executor workers;
    private final Executor loop;
    private final Runnable proceed;

    private long left;
    private byte[] filling = new byte[0];
    private int filled;
    /** The piece that was stored last, to be filled again. */
    private byte[] spare = new byte[0];

    private boolean storing;
    private KeySpace.@Nullable Incoming value;
    private @Nullable Answer refusal;
    private boolean dropped;
    private long progressNanos = System.nanoTime();

    /**
     * Begins.
     *
     * @param opener called by a worker when the first piece is here
     * @param refusal what to answer after throwing everything away; null to take the value
     * @param proceed run on the loop when a worker is done
     */
    BlobReceiver(
            Request request,
            long bytes,
            Supplier<KeySpace.Incoming> opener,
            Executor workers,
            Executor loop,
            Runnable proceed,
            @Nullable Answer refusal) {
        this.request = request;
        this.left = bytes;
        this.opener = opener;
        this.workers = workers;
        this.loop = loop;
        this.proceed = proceed;
        this.refusal = refusal;
    }

    Request request() {
        return request;
    }

    /** The error to answer with, or null when the value may be committed. */
    @Nullable
    Answer refusal() {
        return refusal;
    }

    /** The value that is to be committed; opened here when it has no bytes. By a worker, once all is here. */
    KeySpace.Incoming value() {
        return value == null ? opener.get() : value;
    }

    /** Takes what has come. */
    void take(Inbox inbox) {
        while (left > 0 && mayFill()) {
            int bytes = refusal != null ? inbox.skip(left) : fill(inbox);
            if (bytes == 0) {
                return;
            }
            left -= bytes;
            progressNanos = System.nanoTime();
        }
        if (filled > 0 && (left == 0 || filled == filling.length) && !storing) {
            store();
            take(inbox);
        }
    }

    private boolean mayFill() {
        return refusal != null || filled == 0 || filled < filling.length;
    }

    private int fill(Inbox inbox) {
        if (filled == 0) {
            int bytes = (int) Math.min(LargeValue.CHUNK_BYTES, left);
            filling = spare.length == bytes ? spare : new byte[bytes];
            spare = new byte[0];
        }
        int bytes = inbox.take(filling, filled, filling.length - filled);
        filled += bytes;
        return bytes;
    }

    private void store() {
        byte[] piece = filling;
        int length = filled;
        filling = new byte[0];
        filled = 0;
        storing = true;
        try {
            workers.execute(() -> {
                Answer failure = store(piece, length);
                loop.execute(() -> stored(piece, failure));
            });
        } catch (RejectedExecutionException e) {
            storing = false;
            refuse(Answer.of(Execution.busy()));
        }
    }

    private @Nullable Answer store(byte[] piece, int length) {
        try {
            KeySpace.Incoming open = value;
            if (open == null) {
                open = opener.get();
                value = open;
            }
            open.add(piece, length);
            return null;
        } catch (RuntimeException e) {
            return CommandRunner.failure(e);
        }
    }

    private void stored(byte[] piece, @Nullable Answer failure) {
        storing = false;
        spare = piece;
        progressNanos = System.nanoTime();
        if (failure != null) {
            refuse(failure);
        } else if (dropped) {
            close();
        }
        proceed.run();
    }

    private void refuse(Answer answer) {
        refusal = answer;
        filled = 0;
        filling = new byte[0];
        close();
    }

    /** Whether more bytes of the client can be taken now. */
    boolean wantsBytes() {
        return left > 0 && mayFill();
    }

    /** Whether all bytes are here and stored, or thrown away. */
    boolean isComplete() {
        return left == 0 && filled == 0 && !storing;
    }

    /** For how long the client has sent nothing although it could, milliseconds. */
    long idleMs() {
        return wantsBytes() && !storing ? TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - progressNanos) : 0;
    }

    /** The client is gone. */
    void drop() {
        dropped = true;
        if (!storing) {
            close();
        }
    }

    private void close() {
        KeySpace.Incoming open = value;
        if (open != null) {
            value = null;
            try {
                workers.execute(open::close);
            } catch (RejectedExecutionException e) {
                open.close(); // the server is closing
            }
        }
    }
}
