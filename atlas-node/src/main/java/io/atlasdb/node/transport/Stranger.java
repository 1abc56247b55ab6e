package io.atlasdb.node.transport;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.proto.peer.Authority;
import io.atlasdb.proto.peer.Enrollment;
import io.atlasdb.proto.peer.PeerGrpc;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A call to an address: proves the connection, takes the authority of the cluster when this node has none, sends the request.
 */
final class Stranger implements Greeter.Outcome {
    private final Shared shared;
    private final ManagedChannel channel;
    private final OutgoingCall.Ask ask;
    private final CompletableFuture<byte[]> future = new CompletableFuture<>();

    private Stranger(Shared shared, ManagedChannel channel, OutgoingCall.Ask ask) {
        this.shared = shared;
        this.channel = channel;
        this.ask = ask;
    }

    /** Sends the request over a channel that is used for nothing else, and closes it. */
    static CompletableFuture<byte[]> call(Shared shared, ManagedChannel channel, OutgoingCall.Ask ask) {
        Stranger stranger = new Stranger(shared, channel, ask);
        stranger.future.orTimeout(ask.timeoutMs(), TimeUnit.MILLISECONDS);
        Greeter.greet(channel, shared, 0, stranger);
        return stranger.future
                .handle((bytes, error) -> {
                    channel.shutdownNow();
                    if (error == null) {
                        return CompletableFuture.completedFuture(bytes);
                    }
                    Throwable cause = Calls.cause(error);
                    return CompletableFuture.<byte[]>failedFuture(
                            cause instanceof TimeoutException ? ask.timedOut() : cause);
                })
                .thenCompose(done -> done);
    }

    @Override
    public void proven(int node, String cluster) {
        if (shared.tls == null || shared.tls.isEnrolled()) {
            OutgoingCall.start(shared, channel, ask, future);
        } else {
            enroll(shared.tls);
        }
    }

    @Override
    public void failed(String why, boolean refused) {
        if (refused) {
            shared.metrics.refusedConnections.increment();
        }
        future.completeExceptionally(
                refused ? ErrorCode.LOGIN.error(why) : ErrorCode.UNREACHABLE.error(ask.peer(), why));
    }

    private void enroll(TlsMaterial tls) {
        PeerGrpc.newStub(channel)
                .withDeadlineAfter(ask.remainingNanos(), TimeUnit.NANOSECONDS)
                .enroll(Enrollment.getDefaultInstance(), new StreamObserver<>() {
                    @Override
                    public void onNext(Authority given) {
                        take(tls, given);
                    }

                    @Override
                    public void onError(Throwable error) {
                        failed(Greeter.reason(error), false);
                    }

                    @Override
                    public void onCompleted() {
                        // The answer came before.
                    }
                });
    }

    private void take(TlsMaterial tls, Authority given) {
        if (given.hasRefusal()) {
            failed(given.getRefusal().getReason(), true);
            return;
        }
        try {
            tls.enroll(given.getCertificate(), given.getKey());
        } catch (IOException | GeneralSecurityException e) {
            future.completeExceptionally(
                    ErrorCode.CANNOT_START.error(e, "the authority of the cluster cannot be kept: " + e));
            return;
        }
        OutgoingCall.start(shared, channel, ask, future);
    }
}
