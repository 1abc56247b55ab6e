package io.atlasdb.sql.remote;

import io.atlasdb.proto.ErrorCode;
import java.util.concurrent.TimeUnit;

/**
 * Which request of a conversation runs, so that a cancel that comes on another connection stops the request that was meant and
 * never the next one.
 */
final class Turn {
    /** Between two attempts: a statement may not have begun yet when its request has. */
    private static final long RETRY_MS = 20;

    private long running;
    private long over;
    private long cancelled;

    /** A request begins; it fails at once when it was cancelled before it came. */
    synchronized void begin(long number) {
        running = number;
        if (cancelled != 0 && cancelled == number) {
            throw ErrorCode.CANCELLED.error();
        }
    }

    synchronized void end(long number) {
        running = 0;
        over = number;
        notifyAll();
    }

    /** Cancels request {@code number} by calling {@code stop} until it is over, for at most {@code forMs} milliseconds. */
    synchronized void cancel(long number, Runnable stop, long forMs) {
        if (number <= over) {
            return;
        }
        cancelled = number;
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(forMs);
        while (running == number && System.nanoTime() < until) {
            stop.run();
            try {
                wait(RETRY_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
