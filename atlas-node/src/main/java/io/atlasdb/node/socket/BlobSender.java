package io.atlasdb.node.socket;

import io.netty.buffer.Unpooled;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answer to one {@code KEY BLOB GET} on its way out, piece by piece. On the connection's event loop, but for what it gives to
 * workers. A piece is read while the one before it is written, and no further.
 */
final class BlobSender {
    /** What a transfer holds: a piece that is written and one that is read, bytes. */
    static final long HELD_BYTES = BlobReceiver.HELD_BYTES;

    private static final Logger OPS = LoggerFactory.getLogger("ops");
    private static final int UNWRITTEN_MAX = 1;

    private final Answer answer;
    private final KeySpace.Outgoing value;
    private final @Nullable String tag;
    private final Outbox outbox;
    private final Executor workers;
    private final Executor loop;
    private final Runnable ended;
    private final Runnable failed;

    private long left;
    private boolean reading;
    private int unwritten;
    private boolean dropped;
    private boolean closed;

    /**
     * Begins.
     *
     * @param answer with a value
     * @param ended run when all is written to the channel
     * @param failed run when the value cannot be read to its end, so that the connection has to be closed
     */
    BlobSender(
            Answer answer,
            KeySpace.Outgoing value,
            @Nullable String tag,
            Outbox outbox,
            Executor workers,
            Executor loop,
            Runnable ended,
            Runnable failed) {
        this.answer = answer;
        this.value = value;
        this.tag = tag;
        this.outbox = outbox;
        this.workers = workers;
        this.loop = loop;
        this.ended = ended;
        this.failed = failed;
        this.left = value.size();
    }

    /** Writes the head and asks for the first piece. */
    void start() {
        outbox.write(answer.encodeHead(tag, left), 0);
        go();
    }

    private void go() {
        if (dropped || closed) {
            return;
        }
        if (left == 0) {
            close();
            outbox.write(answer.encode(tag), answer.heldBytes());
            ended.run();
        } else if (!reading && unwritten <= UNWRITTEN_MAX) {
            reading = true;
            try {
                workers.execute(this::read);
            } catch (RejectedExecutionException e) {
                reading = false;
                failed.run();
            }
        }
    }

    private void read() {
        try {
            byte[] piece = value.next();
            loop.execute(() -> write(piece));
        } catch (RuntimeException e) {
            OPS.error("a value cannot be read to its end; the connection is closed", e);
            loop.execute(() -> {
                reading = false;
                failed.run();
                drop();
            });
        }
    }

    private void write(byte[] piece) {
        reading = false;
        if (dropped) {
            close();
            outbox.give(answer.heldBytes());
            return;
        }
        left -= piece.length;
        unwritten++;
        outbox.write(Unpooled.wrappedBuffer(piece), 0, () -> {
            unwritten--;
            go();
        });
        outbox.flush();
        go();
    }

    /** The client is gone. */
    void drop() {
        if (!dropped && !closed) {
            dropped = true;
            if (!reading) {
                close();
                outbox.give(answer.heldBytes());
            }
        }
    }

    private void close() {
        if (!closed) {
            closed = true;
            value.close();
        }
    }
}
