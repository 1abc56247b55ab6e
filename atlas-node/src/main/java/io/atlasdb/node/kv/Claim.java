package io.atlasdb.node.kv;

import io.atlasdb.node.consensus.Configuration;
import io.atlasdb.node.replica.Link;
import io.atlasdb.node.replica.Replica;
import io.atlasdb.proto.ErrorCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Requests that wait for this node to own a group, and the attempts to own it. An attempt is made only while somebody waits,
 * and given up for another owner that can be reached. On the group's thread.
 */
final class Claim {
    private static final long RETRY_MS_MIN = 50;
    private static final int DOUBLINGS_MAX = 4;

    private final Replica replica;
    private final int self;
    private final Link link;
    private final RandomGenerator random;
    private final BooleanSupplier mayOwn;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private boolean looking;
    /** A node that seemed to own the group and did not answer, although it can be reached; 0 for none. */
    private int suspect;

    private int tries;

    /** A request that waits for the group to have an owner. */
    record Waiting(Request request, long deadlineMs, CompletableFuture<Answer> answer) {}

    /** Carries out a request once the group is owned. */
    @FunctionalInterface
    interface Carrier {
        void carryOut(Request request, long deadlineMs, CompletableFuture<Answer> answer);
    }

    /** {@code mayOwn} says whether this node may own groups at all. */
    Claim(Replica replica, int self, Link link, RandomGenerator random, BooleanSupplier mayOwn) {
        this.mayOwn = mayOwn;
        this.replica = replica;
        this.self = self;
        this.link = link;
        this.random = random;
    }

    /** Keeps a request until the group is owned here, or refuses it when another node owns it or nobody can. */
    void add(Request request, long deadlineMs, boolean force, CompletableFuture<Answer> answer) {
        suspect = force ? replica.owner() : suspect;
        int owner = otherOwner();
        if (owner != 0 || !canOwn()) {
            answer.completeExceptionally(new NotOwner(owner != 0 ? owner : voter()));
            return;
        }
        waiting.add(new Waiting(request, deadlineMs, answer));
        if (!looking) {
            tries = 0;
            replica.campaign();
            lookLater();
        }
    }

    /** The node that owns the group, when it is another one that can be reached and is not suspected; else 0. */
    private int otherOwner() {
        int owner = replica.owner();
        return owner != 0 && owner != self && owner != suspect && link.isConnected(owner) ? owner : 0;
    }

    /** For a node that is none itself, a voter that can be reached: it knows more; 0 for none. */
    private int voter() {
        Configuration configuration = replica.configuration();
        if (configuration != null && !configuration.hasVoter(self)) {
            for (Configuration.Voter voter : configuration.voters()) {
                if (link.isConnected(voter.node())) {
                    return voter.node();
                }
            }
        }
        return 0;
    }

    private boolean canOwn() {
        Configuration configuration = replica.configuration();
        return configuration != null && configuration.hasVoter(self) && mayOwn.getAsBoolean();
    }

    private void lookLater() {
        looking = true;
        long spread = RETRY_MS_MIN << Math.min(tries++, DOUBLINGS_MAX);
        long left = Long.MAX_VALUE;
        for (Waiting one : waiting) {
            left = Math.min(left, one.deadlineMs() - replica.nowMs());
        }
        // Who waits is told at its deadline, not at the next attempt after it.
        replica.later(Math.max(1, Math.min(left, spread + random.nextLong(spread))), this::look);
    }

    private void look() {
        looking = false;
        long now = replica.nowMs();
        waiting.removeIf(one -> {
            if (one.deadlineMs() <= now) {
                one.answer().completeExceptionally(ErrorCode.NO_QUORUM.error(missing()));
                return true;
            }
            return false;
        });
        if (waiting.isEmpty()) {
            suspect = 0;
            replica.stopCampaign();
            return;
        }
        int owner = otherOwner();
        if (owner != 0) {
            // Somebody else was quicker: to go on would only wait for its lease.
            replica.stopCampaign();
            refuse(owner);
            return;
        }
        replica.campaign();
        lookLater();
    }

    /** Why nobody can own the group, naming the nodes that are missing. From any thread. */
    String missing() {
        return missing(replica.group(), replica.configuration(), self, link);
    }

    /** What a node that knows these members has to say of why a group does not answer. */
    static String missing(long group, @Nullable Configuration configuration, int self, Link link) {
        if (configuration == null) {
            return "the members of group " + group + " are not known here";
        }
        List<Integer> missing = new ArrayList<>();
        for (Configuration.Voter voter : configuration.voters()) {
            if (voter.node() != self && !link.isConnected(voter.node())) {
                missing.add(voter.node());
            }
        }
        return "group " + group + ": "
                + (missing.isEmpty()
                        ? "not enough of its nodes answered in time"
                        : "nodes " + missing + " cannot be reached");
    }

    /** The group is owned: carries out what waited. */
    void owned(Carrier carrier) {
        suspect = 0;
        List<Waiting> ready = List.copyOf(waiting);
        waiting.clear();
        ready.forEach(one -> carrier.carryOut(one.request(), one.deadlineMs(), one.answer()));
    }

    private void refuse(int owner) {
        List<Waiting> refused = List.copyOf(waiting);
        waiting.clear();
        refused.forEach(one -> one.answer().completeExceptionally(new NotOwner(owner)));
    }
}
