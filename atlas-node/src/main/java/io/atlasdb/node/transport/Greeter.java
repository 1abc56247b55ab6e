package io.atlasdb.node.transport;

import com.google.protobuf.ByteString;
import io.atlasdb.proto.peer.Greeting;
import io.atlasdb.proto.peer.PeerGrpc;
import io.atlasdb.proto.peer.Proof;
import io.atlasdb.proto.peer.Refusal;
import io.atlasdb.proto.peer.Verdict;
import io.atlasdb.proto.peer.Welcome;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.concurrent.TimeUnit;

/** The dialing side of the proof, on a connection that was just made. One use. */
final class Greeter {
    /** How it ended; called once, on the channel's event loop. */
    interface Outcome {
        void proven(int node, String cluster);

        /** {@code why} is for people; {@code refused} tells that one of the sides did not want the other. */
        void failed(String why, boolean refused);
    }

    private final Channel channel;
    private final Shared shared;
    private final Outcome outcome;
    private final Greeting greeting;
    private boolean done;

    /** Proves the connection to that node, 0 for whoever is there. */
    static void greet(Channel channel, Shared shared, int to, Outcome outcome) {
        new Greeter(channel, shared, to, outcome).greet();
    }

    private Greeter(Channel channel, Shared shared, int to, Outcome outcome) {
        this.channel = channel;
        this.shared = shared;
        this.outcome = outcome;
        Shared.Identity self = shared.identity();
        this.greeting = Greeting.newBuilder()
                .setVersion(Handshake.VERSION)
                .setVersionMin(Handshake.VERSION_MIN)
                .setCluster(self.cluster())
                .setNode(self.node())
                .setTo(to)
                .setNonce(Handshake.nonce())
                .build();
    }

    private CallOptions callOptions() {
        return CallOptions.DEFAULT.withDeadlineAfter(shared.options.timings().connectMs(), TimeUnit.MILLISECONDS);
    }

    private void greet() {
        ClientCall<Greeting, Welcome> call = channel.newCall(PeerGrpc.getGreetMethod(), callOptions());
        ClientCalls.asyncUnaryCall(call, greeting, new Answer<>() {
            @Override
            public void onNext(Welcome welcome) {
                byte[] certificate = Handshake.fingerprint(
                        call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION), Handshake.Side.CLIENT);
                check(welcome, certificate);
            }
        });
    }

    private void check(Welcome welcome, byte[] certificate) {
        if (welcome.hasRefusal()) {
            fail(welcome.getRefusal().getReason(), true);
            return;
        }
        String secret = shared.options.secret();
        ByteString expected = Handshake.proof(secret, Handshake.Side.SERVER, greeting, welcome, certificate);
        Proof.Builder proof = Proof.newBuilder();
        String refusal = refusal(welcome, expected);
        if (refusal.isEmpty()) {
            proof.setProof(Handshake.proof(secret, Handshake.Side.CLIENT, greeting, welcome, certificate));
        } else {
            // The other side learns why nobody comes; it gets no proof that it could try secrets on.
            proof.setRefusal(Refusal.newBuilder().setReason(refusal));
        }
        ClientCall<Proof, Verdict> call = channel.newCall(PeerGrpc.getProveMethod(), callOptions());
        ClientCalls.asyncUnaryCall(call, proof.build(), new Answer<>() {
            @Override
            public void onNext(Verdict verdict) {
                if (!refusal.isEmpty()) {
                    fail(refusal, true);
                } else if (verdict.hasRefusal()) {
                    fail(verdict.getRefusal().getReason(), true);
                } else if (!done) {
                    done = true;
                    outcome.proven(welcome.getNode(), welcome.getCluster());
                }
            }
        });
    }

    private String refusal(Welcome welcome, ByteString expected) {
        if (welcome.getVersion() < Handshake.VERSION_MIN) {
            return "node " + welcome.getNode() + " speaks version " + welcome.getVersion()
                    + " of the protocol, the oldest one known here is " + Handshake.VERSION_MIN;
        }
        if (!Handshake.isNonce(welcome.getNonce()) || !Handshake.same(expected, welcome.getProof())) {
            return "node " + welcome.getNode() + " does not hold the same credentials";
        }
        return "";
    }

    private void fail(String why, boolean refused) {
        if (!done) {
            done = true;
            outcome.failed(why, refused);
        }
    }

    /** What both answers have in common. */
    private abstract class Answer<T> implements StreamObserver<T> {
        @Override
        public void onError(Throwable error) {
            fail(reason(error), false);
        }

        @Override
        public void onCompleted() {
            // A unary call completes after its answer, which has set the outcome or begun the next step.
        }
    }

    /** What ended a call, in a few words. */
    static String reason(Throwable error) {
        Status status = Status.fromThrowable(error);
        Throwable cause = status.getCause();
        if (cause == null) {
            return status.getDescription() == null ? status.getCode().name() : firstLine(status.getDescription());
        }
        StringBuilder text = new StringBuilder();
        for (; cause != null; cause = cause.getCause()) {
            String message =
                    cause.getMessage() == null ? cause.getClass().getSimpleName() : firstLine(cause.getMessage());
            if (text.indexOf(message) < 0) {
                text.append(text.isEmpty() ? "" : ": ").append(message);
            }
            if (cause instanceof CertificateException || cause instanceof CertPathValidatorException) {
                return "its certificate is not trusted here: " + text;
            }
        }
        return text.toString();
    }

    /** The lines after the first tell of Netty's pipeline. */
    private static String firstLine(String text) {
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }
}
