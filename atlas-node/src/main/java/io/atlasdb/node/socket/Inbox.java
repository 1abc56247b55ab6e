package io.atlasdb.node.socket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.ByteToMessageDecoder;
import org.jspecify.annotations.Nullable;

/** The bytes of one client that were received and not yet read as requests, and what they cost. One thread. */
final class Inbox {
    /** Bytes are paid for in such steps, so that the budget is not asked at each packet. */
    private static final int STEP_BYTES = 1 << 20;

    private final ByteBudget budget;
    private final FrameDecoder decoder = new FrameDecoder();
    private ByteBuf bytes = Unpooled.EMPTY_BUFFER;
    private long heldBytes;

    Inbox(ByteBudget budget) {
        this.budget = budget;
    }

    /** Adds what was received and takes over the buffer; false when the node holds too much already. */
    boolean add(ByteBufAllocator allocator, ByteBuf more) {
        bytes = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(allocator, bytes, more);
        return pay();
    }

    /** The next request, or null until more bytes come. */
    @Nullable
    Request next() {
        Request request = decoder.next(bytes);
        read();
        return request;
    }

    /** Takes bytes that follow a request, as many as are here and wanted; how many. */
    int take(byte[] to, int offset, int wanted) {
        int taken = Math.min(wanted, bytes.readableBytes());
        bytes.readBytes(to, offset, taken);
        read();
        return taken;
    }

    /** Throws bytes away that follow a request, as many as are here and unwanted; how many. */
    int skip(long unwanted) {
        int skipped = (int) Math.min(unwanted, bytes.readableBytes());
        bytes.skipBytes(skipped);
        read();
        return skipped;
    }

    /** Lets go of what was read. */
    private void read() {
        if (!bytes.isReadable()) {
            // The empty buffer does not count its owners, so this may be done to it again and again.
            bytes.release();
            bytes = Unpooled.EMPTY_BUFFER;
        }
        boolean paid = pay();
        assert paid : "reading made the inbox larger: " + heldBytes;
    }

    private boolean pay() {
        long readable = bytes.readableBytes();
        long needed = readable <= ByteBudget.FREE_BYTES ? 0 : (readable + STEP_BYTES - 1) / STEP_BYTES * STEP_BYTES;
        if (needed > heldBytes && !budget.take(needed - heldBytes)) {
            return false;
        }
        if (needed < heldBytes) {
            budget.give(heldBytes - needed);
        }
        heldBytes = needed;
        return true;
    }

    /** Drops everything. */
    void release() {
        bytes.release();
        bytes = Unpooled.EMPTY_BUFFER;
        budget.give(heldBytes);
        heldBytes = 0;
    }
}
