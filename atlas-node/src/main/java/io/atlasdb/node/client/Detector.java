package io.atlasdb.node.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpServerCodec;
import java.util.List;

/**
 * Looks at the first byte. The length of a first frame is below 2^26, so it starts with 0 to 4; a request of HTTP starts with
 * a capital letter; anything else is closed.
 */
final class Detector extends ByteToMessageDecoder {
    private static final int FRAME_FIRST_MAX = 4;

    private final ClientPort.Parts parts;
    private final Watch watch;

    Detector(ClientPort.Parts parts, Watch watch) {
        this.parts = parts;
        this.watch = watch;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        int first = in.getUnsignedByte(in.readerIndex());
        ChannelPipeline pipeline = context.pipeline();
        if (first <= FRAME_FIRST_MAX) {
            FrameDecoder frames = new FrameDecoder(parts.options().requestBytesMax(), parts.budget());
            FramedLane lane = new FramedLane(parts);
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
}
