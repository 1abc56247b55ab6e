package io.atlasdb.node.cluster.policy;

import io.atlasdb.node.replica.Replica;
import io.atlasdb.node.replica.Replicas;

/** Carries out what the policy decides. Called once a second or so, by one thread at a time; nothing in it waits. */
public final class OwnershipDriver {
    /** An owner that has entries on their way cannot let go; it is asked again for so long, milliseconds. */
    private static final long TRY_MS = 3_000;

    private static final long AGAIN_MS = 2;

    private final OwnershipPolicy policy;
    private final OwnershipPolicy.View view;
    private final Replicas replicas;

    public OwnershipDriver(OwnershipPolicy policy, OwnershipPolicy.View view, Replicas replicas) {
        this.policy = policy;
        this.view = view;
        this.replicas = replicas;
    }

    /**
     * Decides about the groups that were used lately, and lets go of those that shall go elsewhere.
     *
     * @param nowMs of a clock that never goes back, milliseconds
     * @param wallMs milliseconds since 1970
     */
    public void tick(long nowMs, long wallMs) {
        policy.decide(view, nowMs, wallMs).forEach(this::carryOut);
    }

    /** Lets go of a group for another voter, by the policy or since somebody asked for it; what comes of it is in the log. */
    public void carryOut(Decision decision) {
        Replica replica = replicas.find(decision.group());
        if (replica == null) {
            policy.record(decision.refused("the group is not here any more"));
        } else {
            replica.execute(() -> attempt(replica, decision, replica.nowMs() + TRY_MS));
        }
    }

    private void attempt(Replica replica, Decision decision, long deadlineMs) {
        if (replica.handOver(decision.to())) {
            policy.record(decision);
        } else if (!replica.isReady()) {
            policy.record(decision.refused("the group is owned elsewhere by now"));
        } else if (replica.nowMs() >= deadlineMs) {
            policy.record(decision.refused("entries were on their way for " + TRY_MS + " ms"));
        } else {
            replica.later(AGAIN_MS, () -> attempt(replica, decision, deadlineMs));
        }
    }
}
