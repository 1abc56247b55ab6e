package io.atlasdb.node.client;

import io.atlasdb.sql.remote.Peer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one connection, one at a time and in their order. Reading stops while too many wait, and the next request
 * starts only when the answers before it are on their way, so that a client that does not read costs a bounded amount of
 * memory. All methods run on the event loop of the connection.
 */
abstract class Lane extends ChannelInboundHandlerAdapter {
    /** Pipelined requests that wait; beyond it the connection is not read. */
    private static final int WAITING_MAX = 16;

    private final Deque<Object> waiting = new ArrayDeque<>();
    private final RequestBudget budget;
    private boolean busy;
    private boolean gone;
    /** Bytes of the budget that the request which runs holds. */
    private long held;

    Lane(RequestBudget budget) {
        this.budget = budget;
    }

    /** Starts a request; {@link #done} follows exactly once, now or later, and the request is released by then. */
    abstract void start(ChannelHandlerContext context, Object request);

    /** The connection is gone; called once. */
    abstract void left();

    @Override
    public void channelRead(ChannelHandlerContext context, Object request) {
        waiting.add(request);
        if (waiting.size() >= WAITING_MAX) {
            context.channel().config().setOption(ChannelOption.AUTO_READ, false);
        }
        next(context);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        next(context);
        context.fireChannelWritabilityChanged();
    }

    private void next(ChannelHandlerContext context) {
        if (busy || gone || waiting.isEmpty() || !context.channel().isWritable()) {
            return;
        }
        busy = true;
        Object request = waiting.remove();
        if (waiting.size() < WAITING_MAX / 2 && !context.channel().config().isAutoRead()) {
            context.channel().config().setAutoRead(true);
        }
        held = bytes(request);
        start(context, request);
    }

    /** What a whole request holds of the budget. */
    private static long bytes(Object request) {
        if (request instanceof ByteBufHolder holder) {
            return holder.content().readableBytes();
        }
        return request instanceof ByteBuf frame ? frame.readableBytes() : 0;
    }

    /** The memory of the request that ran is free again; for requests that do not end in {@link #done}. */
    final void giveBack() {
        budget.give(held);
        held = 0;
    }

    /** The request is over; its answer, if it has one, is written. */
    final void done(ChannelHandlerContext context, @Nullable Object answer) {
        giveBack();
        if (gone) {
            ReferenceCountUtil.release(answer);
            return;
        }
        if (answer != null) {
            context.writeAndFlush(answer, context.voidPromise());
        }
        busy = false;
        next(context);
    }

    /** Ends a request from another thread; a loop that has ended takes its connections with it. */
    static void onLoop(ChannelHandlerContext context, Runnable end, @Nullable Object answer) {
        try {
            context.executor().execute(end);
        } catch (RejectedExecutionException e) {
            ReferenceCountUtil.release(answer);
        }
    }

    /** Who is at the other end. */
    static Peer peer(ChannelHandlerContext context) {
        boolean tls = context.pipeline().get(SslHandler.class) != null;
        if (context.channel().remoteAddress() instanceof InetSocketAddress remote && remote.getAddress() != null) {
            return new Peer(
                    remote.getAddress().getHostAddress(),
                    tls || remote.getAddress().isLoopbackAddress());
        }
        return new Peer("", tls);
    }

    /** Whether a request runs, from its arrival to its answer. */
    final boolean busy() {
        return busy;
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (!gone) {
            gone = true;
            for (Object request : waiting) {
                budget.give(bytes(request));
                ReferenceCountUtil.release(request);
            }
            waiting.clear();
            left();
        }
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // A reset by the peer or bytes that are no protocol: nothing that an answer would help.
        Channel channel = context.channel();
        channel.close();
    }
}
