package io.atlasdb.node.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/**
 * Cuts the framed protocol into messages. A frame that is too large is skipped and shows as {@link Oversize}, so that the
 * client, which is still writing it, can read why it was refused and go on.
 */
final class FrameDecoder extends ByteToMessageDecoder {
    /** Stands in the place of a frame that was too large. */
    record Oversize(long length) {}

    /** Stands in the place of a frame for which the node had no memory. */
    record Crowded() {}

    /** Before a conversation is open: a stranger gets no more memory than that needs. */
    private static final int FIRST_BYTES_MAX = 64 << 10;

    private final int bytesMax;
    private final RequestBudget budget;
    private volatile boolean opened;
    private long skip;
    /** Bytes of the budget that the frame which is arriving holds. */
    private long taken;

    FrameDecoder(int bytesMax, RequestBudget budget) {
        this.bytesMax = bytesMax;
        this.budget = budget;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (skip > 0) {
            int bytes = (int) Math.min(skip, in.readableBytes());
            in.skipBytes(bytes);
            skip -= bytes;
            return;
        }
        if (in.readableBytes() < 4) {
            return;
        }
        long length = in.getUnsignedInt(in.readerIndex());
        if (length > (opened ? bytesMax : FIRST_BYTES_MAX)) {
            in.skipBytes(4);
            skip = length;
            out.add(new Oversize(length));
        } else if (!take(Math.min(in.readableBytes() - 4, length))) {
            in.skipBytes(4);
            skip = length;
            out.add(new Crowded());
        } else if (in.readableBytes() >= 4 + length) {
            in.skipBytes(4);
            // The lane gives back what the frame took.
            taken = 0;
            out.add(in.readRetainedSlice((int) length));
        }
    }

    /** Makes the frame hold so many bytes of the budget, as they arrive; none when that fails. */
    private boolean take(long bytes) {
        boolean granted = budget.take(bytes - taken);
        if (granted) {
            taken = bytes;
        } else {
            giveBack();
        }
        return granted;
    }

    private void giveBack() {
        budget.give(taken);
        taken = 0;
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext context) {
        giveBack();
    }

    /** A conversation is open: requests may be large. Any thread. */
    void opened() {
        opened = true;
    }

    /** Whether part of a message is here and the rest is not. Event loop only. */
    boolean partial() {
        return skip > 0 || actualReadableBytes() > 0;
    }
}
