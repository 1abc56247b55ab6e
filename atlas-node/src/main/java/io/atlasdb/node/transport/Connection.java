package io.atlasdb.node.transport;

import io.atlasdb.proto.peer.Greeting;
import io.atlasdb.proto.peer.Proof;
import io.atlasdb.proto.peer.Refusal;
import io.atlasdb.proto.peer.Verdict;
import io.atlasdb.proto.peer.Welcome;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection that came in: who is at its other end, once that is proven. Belongs to the connection's event loop. */
final class Connection {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final Pattern NOT_PRINTABLE = Pattern.compile("[^\\x20-\\x7e]");
    private static final int REASON_CHARS_MAX = 300;

    private final Shared shared;
    private final String remote;
    private @Nullable Greeting greeting;
    private @Nullable Welcome welcome;
    private boolean proven;

    Connection(Shared shared, String remote) {
        this.shared = shared;
        this.remote = remote;
    }

    /** Whether the other end has proven that it holds the secret. */
    boolean isProven() {
        return proven;
    }

    /** The number of the proven node; 0 for one that is about to join. */
    int node() {
        return greeting == null ? 0 : greeting.getNode();
    }

    /** Answers the first call on a connection. */
    Welcome greet(Greeting from, @Nullable SSLSession session) {
        Shared.Identity self = shared.identity();
        proven = false;
        greeting = from;
        Welcome.Builder answer = Welcome.newBuilder()
                .setVersion(Math.min(Handshake.VERSION, from.getVersion()))
                .setCluster(self.cluster())
                .setNode(self.node())
                .setNonce(Handshake.nonce());
        String refusal = refusal(from, self);
        if (refusal.isEmpty() && from.getNode() != 0 && session != null && !Handshake.isCertified(session)) {
            refusal = "a member of the cluster has to show a certificate";
        }
        if (refusal.isEmpty()) {
            byte[] certificate = Handshake.fingerprint(session, Handshake.Side.SERVER);
            String secret = shared.options.secret();
            answer.setProof(Handshake.proof(secret, Handshake.Side.SERVER, from, answer.build(), certificate));
            welcome = answer.build();
        } else {
            note(refusal);
            answer.setRefusal(Refusal.newBuilder().setReason(refusal));
            welcome = null;
        }
        return answer.build();
    }

    private String refusal(Greeting from, Shared.Identity self) {
        if (from.getVersion() < Handshake.VERSION_MIN || from.getVersionMin() > Handshake.VERSION) {
            return "versions " + from.getVersionMin() + " to " + from.getVersion()
                    + " of the protocol are spoken there, " + Handshake.VERSION_MIN + " to " + Handshake.VERSION
                    + " here";
        }
        if (!Handshake.isNonce(from.getNonce())
                || from.getNode() < 0
                || (from.getNode() == 0) != from.getCluster().isEmpty()) {
            return "the greeting is not valid";
        }
        if (self.node() == 0) {
            return "the node here has not joined a cluster yet";
        }
        if (!from.getCluster().isEmpty() && !from.getCluster().equals(self.cluster())) {
            return "node " + self.node() + " belongs to cluster " + self.cluster() + ", not to " + from.getCluster();
        }
        if (from.getTo() != 0 && from.getTo() != self.node()) {
            return "node " + self.node() + " is here, not node " + from.getTo();
        }
        if (from.getNode() == self.node()) {
            return "node " + self.node() + " is here; another one cannot have the same number";
        }
        return shared.isRemoved(from.getNode()) ? "node " + from.getNode() + " was removed from the cluster" : "";
    }

    /** Answers the second call. */
    Verdict prove(Proof proof, @Nullable SSLSession session) {
        Greeting said = greeting;
        Welcome answered = welcome;
        welcome = null;
        String refusal = "";
        if (said == null || answered == null) {
            refusal = "a greeting comes first";
        } else if (proof.hasRefusal()) {
            note("it turned away: " + proof.getRefusal().getReason());
            return Verdict.getDefaultInstance();
        } else {
            byte[] certificate = Handshake.fingerprint(session, Handshake.Side.SERVER);
            if (!Handshake.same(
                    Handshake.proof(shared.options.secret(), Handshake.Side.CLIENT, said, answered, certificate),
                    proof.getProof())) {
                refusal = "node " + answered.getNode() + " does not hold the same credentials";
            }
        }
        if (!refusal.isEmpty()) {
            note(refusal);
            return Verdict.newBuilder()
                    .setRefusal(Refusal.newBuilder().setReason(refusal))
                    .build();
        }
        proven = true;
        if (node() != 0) {
            shared.onIncoming.accept(node());
        }
        return Verdict.getDefaultInstance();
    }

    private void note(String reason) {
        shared.metrics.refusedConnections.increment();
        String who = node() == 0 ? "a node that is about to join" : "what says it is node " + node();
        if (shared.throttle.allows("refused " + node() + reason)) {
            LOG.warn("refused the connection of {}, from {}: {}", who, remote, printable(reason));
        }
    }

    /** What somebody unproven says goes to the log only as plain text of a bounded length. */
    private static String printable(String reason) {
        String cut = reason.length() > REASON_CHARS_MAX ? reason.substring(0, REASON_CHARS_MAX) : reason;
        return NOT_PRINTABLE.matcher(cut).replaceAll("?");
    }
}
