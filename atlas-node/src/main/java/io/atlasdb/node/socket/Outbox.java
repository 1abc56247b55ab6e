package io.atlasdb.node.socket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.concurrent.TimeUnit;

/** What was written to one client and not yet taken by it. One thread. */
final class Outbox {
    private final Channel channel;
    private final ByteBudget budget;
    private int writes;
    private long progressNanos = System.nanoTime();

    Outbox(Channel channel, ByteBudget budget) {
        this.channel = channel;
        this.budget = budget;
    }

    /** Writes without flushing; {@code heldBytes} go back to the budget once the client's kernel buffer took the bytes. */
    void write(ByteBuf bytes, long heldBytes) {
        write(bytes, heldBytes, () -> {});
    }

    /** The same; {@code taken} runs then, unless the connection failed. */
    void write(ByteBuf bytes, long heldBytes, Runnable taken) {
        if (writes++ == 0) {
            progressNanos = System.nanoTime();
        }
        channel.write(bytes).addListener(written -> {
            writes--;
            progressNanos = System.nanoTime();
            budget.give(heldBytes);
            if (written.isSuccess()) {
                taken.run();
            } else {
                channel.close();
            }
        });
    }

    void flush() {
        channel.flush();
    }

    /** Gives back what was held for an answer that is not written. */
    void give(long heldBytes) {
        budget.give(heldBytes);
    }

    /** For how long the client has taken nothing of what waits for it, milliseconds. */
    long blockedMs() {
        return writes == 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - progressNanos);
    }
}
