package io.atlasdb.node.client;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.proto.client.Request;
import io.atlasdb.sql.remote.Conversations;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the first byte. The length of a first frame is below 2^26, so it starts with 0 to 4; a request of HTTP starts with
 * a capital letter; TLS starts with 22; anything else is closed. Where TLS is spoken, it looks once more at what is inside, and
 * a plain client is told so in its own protocol; where it is not, a client of TLS gets an alert.
 */
final class Detector extends ByteToMessageDecoder {
    private static final int FRAME_FIRST_MAX = 4;
    /** The content type of a handshake (RFC 8446 §5.1). */
    private static final int TLS_HANDSHAKE = 22;
    /** A fatal alert, protocol_version: whoever dials by TLS says then that TLS is not spoken. */
    private static final byte[] PROTOCOL_VERSION_ALERT = {21, 3, 3, 0, 2, 2, 70};

    private final ClientPort.Parts parts;
    private final Watch watch;
    /** What stands before the first byte that is looked at; null inside of TLS, and where there is none. */
    private final @Nullable SslContext tls;

    Detector(ClientPort.Parts parts, Watch watch, @Nullable SslContext tls) {
        this.parts = parts;
        this.watch = watch;
        this.tls = tls;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        int first = in.getUnsignedByte(in.readerIndex());
        ChannelPipeline pipeline = context.pipeline();
        if (tls != null && first == TLS_HANDSHAKE) {
            SslHandler handler = tls.newHandler(context.alloc());
            handler.setHandshakeTimeoutMillis(parts.options().partialMs());
            pipeline.addLast(handler, new Detector(parts, watch, null));
            pipeline.remove(this);
        } else if (tls != null) {
            refuse(context, in, first);
        } else if (first == TLS_HANDSHAKE && pipeline.get(SslHandler.class) == null) {
            parts.garbage().increment();
            in.skipBytes(in.readableBytes());
            context.writeAndFlush(Unpooled.wrappedBuffer(PROTOCOL_VERSION_ALERT))
                    .addListener(ChannelFutureListener.CLOSE);
        } else if (first <= FRAME_FIRST_MAX) {
            FrameDecoder frames = new FrameDecoder(parts.options().requestBytesMax(), parts.budget());
            FramedLane lane = new FramedLane(parts, frames);
            watch.expect(() -> frames.partial() || !(lane.opened() || lane.busy()));
            pipeline.addLast(frames, lane);
            pipeline.remove(this);
        } else if (first >= 'A' && first <= 'Z') {
            Bodies bodies = new Bodies(parts.options().requestBytesMax(), parts.budget());
            HttpLane lane = new HttpLane(parts);
            HttpServerCodec codec = new HttpServerCodec(4096, 16 << 10, 64 << 10);
            watch.expect(() -> !lane.busy() && (bodies.partial() || !lane.used() || lane.silent()));
            pipeline.addLast(codec, bodies, lane);
            pipeline.remove(this);
        } else {
            parts.garbage().increment();
            in.skipBytes(in.readableBytes());
            context.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // A handshake that failed, or a reset: the client knows by the alert.
        parts.garbage().increment();
        context.close();
    }

    /** Says in plain text that only TLS is spoken here. */
    private void refuse(ChannelHandlerContext context, ByteBuf in, int first) {
        parts.garbage().increment();
        in.skipBytes(in.readableBytes());
        String why = "this port speaks TLS only; connect with sslMode=verify-full";
        ByteBuf answer;
        if (first <= FRAME_FIRST_MAX) {
            answer =
                    FramedLane.frame(Conversations.failed(Request.getDefaultInstance(), ErrorCode.PROTOCOL.error(why)));
        } else if (first >= 'A' && first <= 'Z') {
            answer = Unpooled.copiedBuffer(
                    "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: "
                            + (why.length() + 1) + "\r\n\r\n" + why + "\n",
                    StandardCharsets.US_ASCII);
        } else {
            context.close();
            return;
        }
        context.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
    }
}
