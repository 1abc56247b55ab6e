package io.atlasdb.node.transport;

import com.google.protobuf.ByteString;
import io.atlasdb.node.consensus.Message;
import io.atlasdb.proto.peer.Frame;
import io.atlasdb.proto.peer.GroupMessage;
import io.atlasdb.proto.peer.PeerGrpc;
import io.atlasdb.proto.peer.Piece;
import io.atlasdb.proto.peer.Ping;
import io.atlasdb.proto.peer.Pong;
import io.atlasdb.proto.peer.Reply;
import io.grpc.Channel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Messages of one class on their way to one peer. They wait in a bounded queue, which the event loop drains into frames
 * whenever the connection takes more; what was put there meanwhile shares a frame. Without a connection, and over the bound,
 * messages are dropped: the protocol repeats what is still needed, and what is old is better not sent.
 */
final class OutgoingStream {
    /** About the size of a frame; a larger message is cut into pieces of this size. */
    private static final int FRAME_BYTES = 64 << 10;
    /** Tag and length of a message in a frame, at most. */
    private static final int OVERHEAD_BYTES = 6;

    /** A message that waits; {@code dueNanos} is when it may go, 0 for at once. */
    private record Waiting(GroupMessage message, int bytes, long dueNanos) {}

    private final Shared shared;
    private final int peer;
    private final Lane lane;
    private final EventLoop loop;
    private final Deque<Waiting> queue = new ArrayDeque<>();
    private long queuedBytes;
    private long lastDueNanos;
    private boolean draining;
    private volatile boolean open;

    // Of the event loop alone.
    private @Nullable Call call;
    private @Nullable ByteString whole;
    private int wholeSent;

    OutgoingStream(Shared shared, int peer, Lane lane, EventLoop loop) {
        this.shared = shared;
        this.peer = peer;
        this.lane = lane;
        this.loop = loop;
        shared.metrics.queue(peer, lane, this::waiting);
    }

    /** Takes a message, or drops it. From any thread; never waits. */
    void send(long group, Message message) {
        if (!open) {
            shared.metrics.dropped[lane.ordinal()].increment();
            return;
        }
        GroupMessage encoded = MessageCodec.encode(group, message);
        int bytes = encoded.getSerializedSize() + OVERHEAD_BYTES;
        long delayNanos = shared.delayNanos(peer);
        synchronized (this) {
            boolean full = queue.size() >= lane.messagesMax || queuedBytes + bytes > lane.bytesMax;
            if (!open || (full && !queue.isEmpty())) {
                shared.metrics.dropped[lane.ordinal()].increment();
                return;
            }
            queue.add(new Waiting(encoded, bytes, delayNanos <= 0 ? 0 : due(delayNanos)));
            queuedBytes += bytes;
            if (draining) {
                return;
            }
            draining = true;
        }
        loop.execute(this::drain);
    }

    /** Not before what was sent earlier: emulated distances keep the order. */
    private long due(long delayNanos) {
        long due = System.nanoTime() + delayNanos;
        lastDueNanos = lastDueNanos == 0 || due - lastDueNanos > 0 ? due : lastDueNanos;
        return lastDueNanos;
    }

    /** Messages that wait. */
    synchronized int waiting() {
        return queue.size();
    }

    /** Begins on a connection that is proven. {@code onEnd} is told once when the stream ends by itself. On the loop. */
    void open(Channel channel, Consumer<Pong> onPong, Consumer<String> onEnd) {
        Call now = new Call(onPong, onEnd);
        call = now;
        PeerGrpc.PeerStub stub = PeerGrpc.newStub(channel);
        switch (lane) {
            case CONTROL -> stub.control(now);
            case LOG -> stub.log(now);
            case BULK -> stub.bulk(now);
        }
        open = true;
    }

    /** Ends; what waits is dropped. On the loop. */
    void close() {
        open = false;
        call = null;
        whole = null;
        synchronized (this) {
            shared.metrics.dropped[lane.ordinal()].add(queue.size());
            queue.clear();
            queuedBytes = 0;
            lastDueNanos = 0;
        }
    }

    /** Sends a ping past the queue. On the loop. */
    void ping() {
        Ping ping = Ping.newBuilder().setSentNanos(System.nanoTime()).build();
        Call now = call;
        shared.later(loop, peer, () -> {
            if (now != null && now == call) {
                now.requests()
                        .onNext(Frame.newBuilder()
                                .setClock(shared.clock.now())
                                .setPing(ping)
                                .build());
            }
        });
    }

    private void drain() {
        synchronized (this) {
            draining = false;
        }
        Call now = call;
        while (now != null && now == call && now.requests().isReady()) {
            Frame frame = whole != null ? piece(whole) : frame();
            if (frame == null) {
                return;
            }
            shared.metrics.sentBytes[lane.ordinal()].add(frame.getSerializedSize());
            now.requests().onNext(frame);
        }
    }

    private @Nullable Frame frame() {
        Frame.Builder frame = Frame.newBuilder().setClock(shared.clock.now());
        int bytes = 0;
        synchronized (this) {
            long nowNanos = System.nanoTime();
            for (Waiting head = queue.peek(); head != null; head = queue.peek()) {
                if (head.dueNanos() != 0 && head.dueNanos() - nowNanos > 0) {
                    comeBack(bytes, head.dueNanos() - nowNanos);
                    break;
                }
                if (bytes > 0 && bytes + head.bytes() > FRAME_BYTES) {
                    break;
                }
                queue.remove();
                queuedBytes -= head.bytes();
                shared.metrics.sentMessages[lane.ordinal()].increment();
                if (head.bytes() > FRAME_BYTES) {
                    whole = head.message().toByteString();
                    wholeSent = 0;
                    return piece(whole);
                }
                frame.addMessages(head.message());
                bytes += head.bytes();
            }
        }
        return bytes == 0 ? null : frame.build();
    }

    /** The head is not due: the loop comes back then, unless it will anyway since there is something to send now. */
    private void comeBack(int bytes, long nanos) {
        if (bytes == 0 && !draining) {
            draining = true;
            loop.schedule(this::drain, nanos, TimeUnit.NANOSECONDS);
        }
    }

    private Frame piece(ByteString of) {
        int end = Math.min(of.size(), wholeSent + FRAME_BYTES);
        Piece.Builder piece =
                Piece.newBuilder().setBytes(of.substring(wholeSent, end)).setLast(end == of.size());
        if (wholeSent == 0) {
            piece.setTotal(of.size());
        }
        wholeSent = end;
        whole = end == of.size() ? null : of;
        return Frame.newBuilder().setClock(shared.clock.now()).setPiece(piece).build();
    }

    /** One stream of a connection. */
    private final class Call implements ClientResponseObserver<Frame, Reply> {
        private final Consumer<Pong> onPong;
        private final Consumer<String> onEnd;
        private @Nullable ClientCallStreamObserver<Frame> requests;

        Call(Consumer<Pong> onPong, Consumer<String> onEnd) {
            this.onPong = onPong;
            this.onEnd = onEnd;
        }

        ClientCallStreamObserver<Frame> requests() {
            // gRPC calls beforeStart before it returns from the stub.
            return Objects.requireNonNull(requests);
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<Frame> stream) {
            requests = stream;
            stream.setOnReadyHandler(OutgoingStream.this::drain);
        }

        @Override
        public void onNext(Reply reply) {
            if (reply.hasPong()) {
                onPong.accept(reply.getPong());
            }
        }

        @Override
        public void onError(Throwable error) {
            onEnd.accept(Greeter.reason(error));
        }

        @Override
        public void onCompleted() {
            onEnd.accept("the stream was ended there");
        }
    }
}
