package io.atlasdb.node.transport;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.atlasdb.node.consensus.Message;
import io.atlasdb.proto.peer.Frame;
import io.atlasdb.proto.peer.GroupMessage;
import io.atlasdb.proto.peer.Piece;
import io.atlasdb.proto.peer.Ping;
import io.atlasdb.proto.peer.Pong;
import io.atlasdb.proto.peer.Reply;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Frames of one peer and class. The next frame is asked for when this one was delivered, so that no more than a window of them
 * waits here. Belongs to the connection's event loop.
 */
final class IncomingStream implements StreamObserver<Frame> {
    private static final Logger LOG = LoggerFactory.getLogger(IncomingStream.class);

    private final Shared shared;
    private final Lane lane;
    private final int from;
    private final ServerCallStreamObserver<Reply> replies;
    /** For replies that are held back. */
    private final EventLoop loop;

    private ByteString pieces = ByteString.EMPTY;
    private volatile boolean ended;

    IncomingStream(Shared shared, Lane lane, int from, ServerCallStreamObserver<Reply> replies) {
        this.shared = shared;
        this.lane = lane;
        this.from = from;
        this.replies = replies;
        this.loop = shared.loops.next();
        replies.setOnCancelHandler(() -> ended = true);
    }

    @Override
    public void onNext(Frame frame) {
        if (ended) {
            return;
        }
        if (shared.isRemoved(from)) {
            end(Status.PERMISSION_DENIED.withDescription("node " + from + " was removed from the cluster"));
            return;
        }
        shared.metrics.receivedBytes[lane.ordinal()].add(frame.getSerializedSize());
        if (frame.hasPing()) {
            answer(frame.getPing());
        }
        if (frame.getMessagesCount() == 0 && !frame.hasPiece()) {
            return;
        }
        if (!shared.clock.admits(from, frame.getClock())) {
            pieces = ByteString.EMPTY;
            return;
        }
        for (GroupMessage message : frame.getMessagesList()) {
            deliver(message);
        }
        if (frame.hasPiece()) {
            collect(frame.getPiece());
        }
    }

    private void collect(Piece piece) {
        if (piece.getTotal() > 0) {
            pieces = ByteString.EMPTY;
        } else if (pieces.isEmpty()) {
            // The rest of a message whose beginning was refused.
            return;
        }
        pieces = pieces.concat(piece.getBytes());
        if (pieces.size() > Calls.BYTES_MAX) {
            end(Status.RESOURCE_EXHAUSTED.withDescription("a message of more than " + Calls.BYTES_MAX + " bytes"));
        } else if (piece.getLast()) {
            ByteString whole = pieces;
            pieces = ByteString.EMPTY;
            try {
                deliver(GroupMessage.parseFrom(whole));
            } catch (InvalidProtocolBufferException e) {
                end(Status.INVALID_ARGUMENT.withDescription("a message that cannot be read"));
            }
        }
    }

    private void deliver(GroupMessage encoded) {
        Receiver receiver = shared.receiver();
        Message message = MessageCodec.decode(encoded);
        if (message == null) {
            shared.metrics.unknownMessages.increment();
            return;
        }
        shared.metrics.receivedMessages[lane.ordinal()].increment();
        if (receiver == null) {
            return;
        }
        try {
            receiver.onMessage(from, encoded.getGroup(), message);
        } catch (RuntimeException e) {
            LOG.error("a message of node {} for group {} failed", from, encoded.getGroup(), e);
        }
    }

    private void answer(Ping ping) {
        Pong pong = Pong.newBuilder()
                .setSentNanos(ping.getSentNanos())
                .setWallMs(shared.clock.wallMs())
                .build();
        Reply reply = Reply.newBuilder().setPong(pong).build();
        shared.later(loop, from, () -> reply(reply));
    }

    /** Replies may be held back in a loop that is not the connection's. */
    private synchronized void reply(Reply reply) {
        if (!ended && !replies.isCancelled()) {
            replies.onNext(reply);
        }
    }

    private synchronized void end(Status status) {
        ended = true;
        pieces = ByteString.EMPTY;
        replies.onError(status.asException());
    }

    @Override
    public synchronized void onError(Throwable error) {
        ended = true;
        pieces = ByteString.EMPTY;
    }

    @Override
    public synchronized void onCompleted() {
        if (!ended) {
            ended = true;
            replies.onCompleted();
        }
    }
}
