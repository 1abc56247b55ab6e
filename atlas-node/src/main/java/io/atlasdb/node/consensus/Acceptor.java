package io.atlasdb.node.consensus;

/**
 * The promises of a node to the owners of a group: a ballot, a lease, a ceiling.
 *
 * <p>Invariants: {@code promised} and {@code ceiling} never go back, and an answer that tells of them leaves after they are
 * forced. While a lease runs, no promise is made to another node, unless the owner itself let go.
 */
final class Acceptor {
    private final Settings settings;
    private Ballot promised;
    /** The highest round that this node ever used itself; forced before a Prepare leaves, so that none is used twice. */
    private long ownRound;

    private long ceiling;
    /** The last owner that was granted a ceiling in this life; its handover names what it really promised. */
    private Ballot ceilingBallot = Ballot.NONE;

    private Ballot leaseBallot;
    private long leaseUntilMs;

    Acceptor(Settings settings, Restored state, long nowMs) {
        this.settings = settings;
        this.promised = state.promised();
        this.ownRound = state.ownRound();
        this.ceiling = state.ceiling();
        // A lease that was granted before a restart is not on record: the longest one that can be is honoured.
        this.leaseBallot = promised;
        this.leaseUntilMs = promised.equals(Ballot.NONE) ? Long.MIN_VALUE : nowMs + settings.leaseAtAcceptorMs();
    }

    Ballot promised() {
        return promised;
    }

    /** A round for an own ballot, above every one that was seen; to be persisted before it is used. */
    long nextRound() {
        ownRound = Math.max(promised.round(), ownRound) + 1;
        return ownRound;
    }

    /** Another node promised this round; the next own one goes above it. */
    void sawRound(long round) {
        ownRound = Math.max(ownRound, round);
    }

    void persist(Effects effects) {
        effects.persist.add(new Effects.Durable.Promise(promised, ownRound, ceiling));
    }

    /** Takes a ballot for the promise; whether that raised it. */
    boolean promise(Ballot to) {
        if (to.compareTo(promised) <= 0) {
            return false;
        }
        promised = to;
        return true;
    }

    void grantLease(long nowMs, Ballot to, long leaseMs) {
        if (leaseMs > 0) {
            leaseBallot = to;
            leaseUntilMs = Math.max(leaseUntilMs, nowMs + settings.leaseAtAcceptorMs());
        }
    }

    /** Whether it promises; if not, the refusal is in the effects. */
    boolean onPrepare(long nowMs, int from, Message.Prepare prepare, Effects effects) {
        if (prepare.ballot().compareTo(promised) < 0) {
            effects.send(from, new Message.Nack(prepare.ballot(), promised));
            return false;
        }
        boolean foreign = leaseBallot.node() != prepare.ballot().node() && !leaseBallot.equals(prepare.release());
        if (foreign && nowMs < leaseUntilMs) {
            effects.send(from, new Message.LeaseHeld(prepare.ballot(), leaseUntilMs - nowMs));
            return false;
        }
        if (promise(prepare.ballot())) {
            persist(effects);
        }
        return true;
    }

    /** The ceiling to report to a candidate. */
    long ceilingFor(Message.Prepare prepare) {
        // What this owner was granted itself it knows; and what the one that lets go promised, its handover says.
        boolean known = !ceilingBallot.equals(Ballot.NONE)
                && (ceilingBallot.equals(prepare.ballot()) || ceilingBallot.equals(prepare.release()));
        return known ? 0 : ceiling;
    }

    /** Confirms that the ballot stands, or says that it does not. */
    void onConfirm(long nowMs, int from, Message.Confirm confirm, Effects effects) {
        if (confirm.ballot().compareTo(promised) < 0) {
            effects.send(from, new Message.Nack(confirm.ballot(), promised));
            return;
        }
        boolean raised = promise(confirm.ballot());
        if (confirm.ceiling() > ceiling) {
            ceiling = confirm.ceiling();
            raised = true;
        }
        ceilingBallot = confirm.ballot();
        if (raised) {
            persist(effects);
        }
        grantLease(nowMs, confirm.ballot(), confirm.leaseMs());
        effects.sendForced(from, new Message.Confirmed(confirm.ballot(), confirm.round()));
    }
}
