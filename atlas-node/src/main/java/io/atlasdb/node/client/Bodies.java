package io.atlasdb.node.client;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.LastHttpContent;

/** Whole HTTP requests. A body that is too large shows as {@link Oversize} and is not kept. */
final class Bodies extends HttpObjectAggregator {
    /** Stands in the place of a request whose body was too large. */
    record Oversize(boolean json) {}

    private boolean partial;

    Bodies(int bytesMax) {
        super(bytesMax, true);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        partial = !(message instanceof LastHttpContent);
        super.channelRead(context, message);
    }

    @Override
    protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage oversized) {
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
