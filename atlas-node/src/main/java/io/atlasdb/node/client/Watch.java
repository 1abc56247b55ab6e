package io.atlasdb.node.client;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Closes connections whose peer is stuck: it began a request and does not finish it, or it does not read its answers. A
 * connection that is merely silent stays; a peer that vanished is found by TCP keep-alive.
 */
final class Watch extends ChannelInboundHandlerAdapter {
    private final ClientPortOptions options;
    private BooleanSupplier mustSend = () -> true;
    private long readNanos = System.nanoTime();
    private long unwritableNanos;
    private boolean unwritable;
    private @Nullable Future<?> tick;

    Watch(ClientPortOptions options) {
        this.options = options;
    }

    /** Says when the peer owes us bytes; at first it always does. */
    void expect(BooleanSupplier newMustSend) {
        mustSend = newMustSend;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        long every = Math.max(10, Math.min(options.partialMs(), options.writeMs()) / 4);
        tick = context.executor().scheduleWithFixedDelay(() -> check(context), every, every, TimeUnit.MILLISECONDS);
        context.fireChannelActive();
    }

    private void check(ChannelHandlerContext context) {
        long now = System.nanoTime();
        if (!context.channel().config().isAutoRead()) {
            // We do not read, so the peer cannot be late.
            readNanos = now;
        }
        if (now - readNanos > TimeUnit.MILLISECONDS.toNanos(options.partialMs()) && mustSend.getAsBoolean()) {
            context.close();
        } else if (unwritable && now - unwritableNanos > TimeUnit.MILLISECONDS.toNanos(options.writeMs())) {
            context.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        readNanos = System.nanoTime();
        context.fireChannelRead(message);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        unwritable = !context.channel().isWritable();
        unwritableNanos = System.nanoTime();
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (tick != null) {
            tick.cancel(false);
        }
        context.fireChannelInactive();
    }
}
