package io.atlasdb.node.client;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.FullHttpMessage;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

/** Whole HTTP requests. A body that is too large shows as {@link Oversize} and is not kept. */
final class Bodies extends HttpObjectAggregator {
    /** Stands in the place of a request whose body was too large. */
    record Oversize(boolean json) {}

    /** Why decoding failed of a request for which the node had no memory; its body is cut off. */
    static final class Crowded extends Exception {
        private static final long serialVersionUID = 1L;

        private Crowded() {
            super("no memory is left for requests", null, false, false);
        }
    }

    private final RequestBudget budget;
    private boolean partial;
    private boolean oversize;
    private boolean crowded;
    /** Bytes of the budget that the body which is arriving holds; the lane gives them back when it is whole. */
    private long taken;

    Bodies(int bytesMax, RequestBudget budget) {
        super(bytesMax, true);
        this.budget = budget;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        boolean last = message instanceof LastHttpContent;
        partial = !last;
        if (message instanceof HttpMessage) {
            oversize = false;
            crowded = false;
        }
        if (crowded) {
            // Read to its end, since a client does not look for an answer while it is writing.
            ReferenceCountUtil.release(message);
            return;
        }
        Object part = message;
        if (message instanceof HttpContent content && !oversize) {
            long bytes = content.content().readableBytes();
            if (budget.take(bytes)) {
                taken += bytes;
            } else {
                crowded = true;
                content.release();
                part = LastHttpContent.EMPTY_LAST_CONTENT;
            }
        }
        super.channelRead(context, part);
        if (last || crowded) {
            taken = 0;
        }
    }

    @Override
    protected void finishAggregation(FullHttpMessage whole) throws Exception {
        super.finishAggregation(whole);
        if (crowded) {
            whole.setDecoderResult(DecoderResult.failure(new Crowded()));
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) throws Exception {
        giveBack();
        super.handlerRemoved(context);
    }

    private void giveBack() {
        budget.give(taken);
        taken = 0;
    }

    @Override
    protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage oversized) {
        oversize = true;
        giveBack();
        String type = oversized.headers().get("content-type", "");
        context.fireChannelRead(new Oversize(type.contains("json")));
    }

    @Override
    public boolean acceptInboundMessage(Object message) throws Exception {
        return message instanceof HttpObject && super.acceptInboundMessage(message);
    }

    /** Whether a request has begun and not ended. */
    boolean partial() {
        return partial;
    }
}
