package io.atlasdb.node.transport;

import io.atlasdb.node.replica.Link.Service;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.proto.peer.CallHead;
import io.atlasdb.proto.peer.CallPart;
import io.atlasdb.proto.peer.PeerGrpc;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One request to another node. Belongs to the channel's event loop. */
final class OutgoingCall implements ClientResponseObserver<CallPart, CallPart> {
    /**
     * What is asked.
     *
     * @param peer whom; for messages
     * @param node its number; 0 when it is not known
     * @param deadlineNanos of {@code System.nanoTime}
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Ask(String peer, int node, Service service, byte[] request, long timeoutMs, long deadlineNanos) {
        static Ask of(String peer, int node, Service service, byte[] request, long timeoutMs) {
            long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
            return new Ask(peer, node, service, request, timeoutMs, deadlineNanos);
        }

        long remainingNanos() {
            return Math.max(0, deadlineNanos - System.nanoTime());
        }

        Throwable timedOut() {
            return ErrorCode.UNREACHABLE.error(peer, "no answer within " + timeoutMs + " ms");
        }
    }

    private final Shared shared;
    private final Ask ask;
    private final CompletableFuture<byte[]> future;

    private @Nullable ClientCallStreamObserver<CallPart> requests;
    private int sent = -1;
    private Calls.@Nullable Incoming answer;
    private long takenBytes;

    private OutgoingCall(Shared shared, Ask ask, CompletableFuture<byte[]> future) {
        this.shared = shared;
        this.ask = ask;
        this.future = future;
    }

    /** Sends the request; the future gets the answer or an {@code AtlasException}, on the channel's event loop. */
    static void start(Shared shared, Channel channel, Ask ask, CompletableFuture<byte[]> future) {
        long remainingNanos = ask.remainingNanos();
        if (remainingNanos == 0) {
            future.completeExceptionally(ask.timedOut());
            return;
        }
        PeerGrpc.newStub(channel)
                .withDeadlineAfter(remainingNanos, TimeUnit.NANOSECONDS)
                .call(new OutgoingCall(shared, ask, future));
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<CallPart> stream) {
        requests = stream;
        stream.setOnReadyHandler(() -> pump(stream));
    }

    private void pump(ClientCallStreamObserver<CallPart> stream) {
        byte[] request = ask.request();
        while (sent < request.length && stream.isReady() && !future.isDone()) {
            int offset = Math.max(0, sent);
            CallHead.Builder head =
                    CallHead.newBuilder().setClock(shared.clock.now()).setService(Calls.code(ask.service()));
            stream.onNext(Calls.part(request, offset, head));
            sent = Calls.after(request, offset);
            if (sent == request.length) {
                stream.onCompleted();
            }
        }
    }

    @Override
    public void onNext(CallPart part) {
        if (part.hasError()) {
            fail(Calls.error(part.getError()));
            return;
        }
        if (part.hasHead() && !begin(part.getHead())) {
            return;
        }
        if (answer != null && !answer.add(part)) {
            fail(ErrorCode.UNREACHABLE.error(ask.peer(), "its answer is longer than it said"));
        }
    }

    private boolean begin(CallHead head) {
        if (!shared.clock.admits(ask.node(), head.getClock())) {
            fail(ErrorCode.UNREACHABLE.error(
                    ask.peer(), "its clock is " + shared.clock.aheadMs(head.getClock()) + " ms ahead of this node's"));
            return false;
        }
        long total = head.getTotal();
        if (total < 0 || total > Calls.BYTES_MAX || answer != null) {
            fail(ErrorCode.LIMIT.error("the answer of node " + ask.peer(), total + " bytes", Calls.BYTES_MAX));
            return false;
        }
        if (!shared.budget.take(total)) {
            fail(ErrorCode.BUSY.error("too much is under way between nodes"));
            return false;
        }
        takenBytes = total;
        answer = new Calls.Incoming((int) total);
        return true;
    }

    @Override
    public void onError(Throwable error) {
        Status.Code code = Status.fromThrowable(error).getCode();
        fail(
                code == Status.Code.DEADLINE_EXCEEDED
                        ? ask.timedOut()
                        : ErrorCode.UNREACHABLE.error(ask.peer(), Greeter.reason(error)));
    }

    @Override
    public void onCompleted() {
        Calls.Incoming whole = answer;
        if (whole != null && whole.isComplete()) {
            giveBack();
            future.complete(whole.bytes());
        } else {
            fail(ErrorCode.UNREACHABLE.error(ask.peer(), "its answer is not whole"));
        }
    }

    private void fail(Throwable error) {
        giveBack();
        answer = null;
        if (future.completeExceptionally(error) && requests != null && sent < ask.request().length) {
            requests.cancel("the answer is here already", null);
        }
    }

    private void giveBack() {
        shared.budget.give(takenBytes);
        takenBytes = 0;
    }
}
