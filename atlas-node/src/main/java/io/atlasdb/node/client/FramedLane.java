package io.atlasdb.node.client;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.proto.client.Request;
import io.atlasdb.proto.client.Response;
import io.atlasdb.sql.remote.Conversation;
import io.atlasdb.sql.remote.Conversations;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A connection of the framed protocol. Its session lives as long as the connection does. */
final class FramedLane extends Lane {
    /** Decoding larger requests takes long enough to be another thread's work. */
    private static final int AT_ONCE_BYTES_MAX = 64 << 10;

    private final ClientPort.Parts parts;
    private final FrameDecoder frames;
    /** The log-in that waits for the client's proof; of the worker that runs the connection's one request. */
    private volatile Conversations.@Nullable Pending pending;

    private volatile @Nullable Conversation conversation;
    private volatile long session;
    private volatile boolean left;

    FramedLane(ClientPort.Parts parts, FrameDecoder frames) {
        super(parts.budget());
        this.frames = frames;
        this.parts = parts;
    }

    @Override
    void start(ChannelHandlerContext context, Object message) {
        if (message instanceof FrameDecoder.Oversize oversize) {
            parts.refused().increment();
            Response refusal = Conversations.failed(
                    Request.getDefaultInstance(),
                    ErrorCode.LIMIT.error(
                            "the request",
                            oversize.length() + " bytes",
                            parts.options().requestBytesMax()));
            if (conversation == null) {
                last(context, refusal);
            } else {
                done(context, frame(refusal));
            }
            return;
        }
        if (message instanceof FrameDecoder.Crowded) {
            parts.refused().increment();
            Response refusal = Conversations.failed(Request.getDefaultInstance(), HttpLane.crowded());
            if (conversation == null) {
                last(context, refusal);
            } else {
                done(context, frame(refusal));
            }
            return;
        }
        ByteBuf frame = (ByteBuf) message;
        int bytes = frame.readableBytes();
        Request request;
        try {
            request = Request.parseFrom(frame.nioBuffer());
        } catch (InvalidProtocolBufferException e) {
            last(
                    context,
                    Conversations.failed(Request.getDefaultInstance(), ErrorCode.PROTOCOL.error("not a message")));
            return;
        } finally {
            frame.release();
        }
        if (request.hasCancel()) {
            if (!parts.workers()
                    .cancel(() -> answer(context, request, parts.conversations().cancel(request)))) {
                busy(context, request);
            }
        } else if (bytes > AT_ONCE_BYTES_MAX || !atOnce(context, request)) {
            onWorker(context, request);
        }
    }

    private void onWorker(ChannelHandlerContext context, Request request) {
        if (!parts.workers().request(() -> run(context, request))) {
            busy(context, request);
        }
    }

    /** Handles a short request on this thread: waking another one would cost more than the request itself. */
    private boolean atOnce(ChannelHandlerContext context, Request request) {
        Conversation open = conversation;
        if (open == null || !request.hasExecute()) {
            return false;
        }
        long begin = System.nanoTime();
        CompletableFuture<@Nullable Response> begun = open.handleAtOnce(request);
        if (begun == null) {
            return false;
        }
        begun.whenComplete((response, failure) -> {
            if (context.executor().inEventLoop()) {
                ended(context, request, response, begin);
            } else {
                onLoop(context, () -> ended(context, request, response, begin), null);
            }
        });
        return true;
    }

    private void ended(ChannelHandlerContext context, Request request, @Nullable Response response, long beginNanos) {
        if (response == null) {
            onWorker(context, request);
        } else {
            parts.requests().record(System.nanoTime() - beginNanos);
            done(context, request.getSilent() ? null : frame(response));
        }
    }

    private void busy(ChannelHandlerContext context, Request request) {
        parts.refused().increment();
        done(context, frame(Conversations.failed(request, ErrorCode.BUSY.error("too many requests wait"))));
    }

    /** On a worker. */
    private void run(ChannelHandlerContext context, Request request) {
        long begin = System.nanoTime();
        Conversation open = conversation;
        if (open == null) {
            Conversations.Pending waiting = pending;
            Conversations.Opening opening = waiting == null
                    ? parts.conversations().open(request, peer(context), false)
                    : parts.conversations().login(request, waiting);
            pending = opening.pending();
            if (opening.pending() != null) {
                answer(context, request, opening.response());
                return;
            }
            if (opening.conversation() == null) {
                onLoop(context, () -> last(context, opening.response()), null);
                return;
            }
            session = opening.session();
            conversation = opening.conversation();
            frames.opened();
            if (left) {
                // The client went while its session opened, and left() saw none to close.
                parts.workers().closing(() -> parts.conversations().close(opening.session()));
                onLoop(context, this::giveBack, null);
                return;
            }
            answer(context, request, opening.response());
        } else {
            Response response = open.handle(request);
            parts.requests().record(System.nanoTime() - begin);
            answer(context, request, response);
        }
    }

    /** On a worker. */
    private void answer(ChannelHandlerContext context, Request request, Response response) {
        ByteBuf frame = request.getSilent() ? null : frame(response);
        onLoop(context, () -> done(context, frame), frame);
    }

    /** An answer after which nothing sensible can come. */
    private void last(ChannelHandlerContext context, Response response) {
        giveBack();
        context.writeAndFlush(frame(response)).addListener(ChannelFutureListener.CLOSE);
    }

    /** A response behind its length. */
    static ByteBuf frame(Response response) {
        int size = response.getSerializedSize();
        byte[] bytes = new byte[4 + size];
        bytes[0] = (byte) (size >>> 24);
        bytes[1] = (byte) (size >>> 16);
        bytes[2] = (byte) (size >>> 8);
        bytes[3] = (byte) size;
        try {
            response.writeTo(CodedOutputStream.newInstance(bytes, 4, size));
        } catch (IOException e) {
            throw new UncheckedIOException("an array has room for what was measured", e);
        }
        return Unpooled.wrappedBuffer(bytes);
    }

    @Override
    void left() {
        left = true;
        Conversation open = conversation;
        if (open != null) {
            open.abort();
            long number = session;
            parts.workers().closing(() -> parts.conversations().close(number));
        }
    }

    /** Whether the client has opened its session. */
    boolean opened() {
        return conversation != null;
    }
}
