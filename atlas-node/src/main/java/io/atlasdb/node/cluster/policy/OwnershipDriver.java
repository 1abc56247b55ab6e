package io.atlasdb.node.cluster.policy;

import io.atlasdb.node.replica.Replica;
import io.atlasdb.node.replica.Replicas;

/** Carries out what the policy decides. Called once a second or so, by one thread at a time; nothing in it waits. */
public final class OwnershipDriver {
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
            replica.execute(() -> attempt(replica, decision));
        }
    }

    private void attempt(Replica replica, Decision decision) {
        if (!replica.isReady()) {
            policy.record(decision.refused("the group is owned elsewhere by now"));
            return;
        }
        replica.letGo(
                decision.to(),
                gone -> policy.record(
                        gone ? decision : decision.refused("it moves already, or what was on its way did not arrive")));
    }
}
