package io.atlasdb.node.transport;

import io.atlasdb.node.replica.Link;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.proto.peer.CallHead;
import io.atlasdb.proto.peer.CallPart;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoop;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One request of another node and its answer. The request comes in on the connection's event loop, the answer from wherever
 * the handler made it; the monitor guards what both touch.
 */
final class IncomingCall implements StreamObserver<CallPart> {
    private final Shared shared;
    private final int from;
    private final ServerCallStreamObserver<CallPart> answers;
    /** For answers that are held back. */
    private final EventLoop loop;

    private Calls.@Nullable Incoming request;
    private Link.@Nullable Service service;
    private byte @Nullable [] answer;
    private int sent = -1;
    private long takenBytes;
    private boolean ended;

    IncomingCall(Shared shared, int from, ServerCallStreamObserver<CallPart> answers) {
        this.shared = shared;
        this.from = from;
        this.answers = answers;
        this.loop = shared.loops.next();
        answers.setOnReadyHandler(this::pump);
        answers.setOnCancelHandler(this::release);
    }

    @Override
    public void onNext(CallPart part) {
        if (isEnded()) {
            return;
        }
        if (part.hasHead()) {
            AtlasException refusal = begin(part.getHead());
            if (refusal != null) {
                refuse(refusal);
                return;
            }
        }
        if (request == null || !request.add(part)) {
            refuse(ErrorCode.PROTOCOL.error("a request of node " + from + " is longer than it said"));
        }
    }

    private @Nullable AtlasException begin(CallHead head) {
        String self = "node " + shared.identity().node();
        if (shared.isRemoved(from)) {
            return ErrorCode.UNREACHABLE.error(
                    shared.identity().node(), "node " + from + " was removed from the cluster");
        }
        if (!shared.clock.admits(from, head.getClock())) {
            return ErrorCode.UNREACHABLE.error(
                    shared.identity().node(),
                    "the clock of node " + from + " is " + shared.clock.aheadMs(head.getClock())
                            + " ms ahead of that of " + self);
        }
        service = Calls.service(head.getService());
        if (service == null) {
            return ErrorCode.UNSUPPORTED.error("service " + head.getService() + " of " + self);
        }
        if (from == 0 && service != Link.Service.CLUSTER) {
            return ErrorCode.UNREACHABLE.error(shared.identity().node(), "a node has to join before it may ask this");
        }
        long total = head.getTotal();
        if (total < 0 || total > Calls.BYTES_MAX || request != null) {
            return ErrorCode.LIMIT.error("the request to " + self, total + " bytes", Calls.BYTES_MAX);
        }
        if (!take(total)) {
            return ErrorCode.BUSY.error("too much is under way to " + self);
        }
        request = new Calls.Incoming((int) total);
        return null;
    }

    @Override
    public void onCompleted() {
        Calls.Incoming whole = request;
        Link.Service to = service;
        if (isEnded()) {
            return;
        }
        if (whole == null || to == null || !whole.isComplete()) {
            refuse(ErrorCode.PROTOCOL.error("a request of node " + from + " is not whole"));
            return;
        }
        request = null;
        Link.Handler handler = shared.handler(to);
        if (handler == null) {
            refuse(ErrorCode.UNREACHABLE.error(shared.identity().node(), "it is starting"));
            return;
        }
        CompletableFuture<byte[]> future;
        try {
            future = handler.handle(from, whole.bytes());
        } catch (RuntimeException e) {
            future = CompletableFuture.failedFuture(e);
        }
        future.whenComplete((bytes, error) -> shared.later(loop, from, () -> answer(bytes, error)));
    }

    @SuppressWarnings("NullAway") // one of the two is null
    private void answer(byte[] bytes, Throwable error) {
        if (error != null) {
            send(Calls.error(error));
        } else if (bytes.length > Calls.BYTES_MAX) {
            send(Calls.error(ErrorCode.LIMIT.error("the answer", bytes.length + " bytes", Calls.BYTES_MAX)));
        } else {
            release();
            if (!take(bytes.length)) {
                send(Calls.error(ErrorCode.BUSY.error("too much is under way between nodes")));
                return;
            }
            synchronized (this) {
                answer = bytes;
            }
            pump();
        }
    }

    private void refuse(AtlasException error) {
        shared.later(loop, from, () -> send(Calls.error(error)));
        request = null;
        release();
    }

    private synchronized void send(CallPart error) {
        if (!ended && !answers.isCancelled()) {
            answers.onNext(error);
            answers.onCompleted();
        }
        ended = true;
        release();
    }

    private synchronized void pump() {
        byte[] bytes = answer;
        if (bytes == null || ended) {
            return;
        }
        while (sent < bytes.length && answers.isReady()) {
            int offset = Math.max(0, sent);
            answers.onNext(Calls.part(bytes, offset, CallHead.newBuilder().setClock(shared.clock.now())));
            sent = Calls.after(bytes, offset);
        }
        if (sent == bytes.length) {
            ended = true;
            answers.onCompleted();
            release();
        }
    }

    @Override
    public void onError(Throwable error) {
        release();
    }

    private synchronized boolean isEnded() {
        return ended;
    }

    private synchronized boolean take(long bytes) {
        if (!shared.budget.take(bytes)) {
            return false;
        }
        takenBytes += bytes;
        return true;
    }

    private synchronized void release() {
        shared.budget.give(takenBytes);
        takenBytes = 0;
        answer = null;
    }
}
