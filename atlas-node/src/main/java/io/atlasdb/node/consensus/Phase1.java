package io.atlasdb.node.consensus;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Phase 1 of one ballot: asks for promises until a phase-1 quorum has given them and all that they say is chosen is here.
 *
 * <p>A candidate does this once; an owner once more for each change of the quorums, under the same ballot.
 */
final class Phase1 {
    /** How often chosen entries are asked for before the quorum is completed without the node that does not give them. */
    private static final int FETCHES_MAX = 4;

    private final Settings settings;
    private final Ballot ballot;
    private final Ballot release;
    private final SortedMap<Integer, Message.Promise> promises = new TreeMap<>();
    private long retryAtMs;
    private int fetches;
    /** No earlier owner promised a read above it, as the promises say. */
    private long ceiling;

    /** @param release the ballot of an owner that let go, NONE when none did */
    Phase1(Settings settings, Ballot ballot, Ballot release) {
        this.settings = settings;
        this.ballot = ballot;
        this.release = release;
    }

    long ceiling() {
        return ceiling;
    }

    /** Asks those that have not promised. */
    void ask(long nowMs, Configuration configuration, long commit, Effects effects) {
        retryAtMs = nowMs + settings.retryMs();
        for (Configuration.Voter voter : configuration.voters()) {
            if (!promises.containsKey(voter.node())) {
                effects.sendForced(voter.node(), new Message.Prepare(ballot, commit + 1, release));
            }
        }
    }

    boolean isDue(long nowMs) {
        return nowMs >= retryAtMs;
    }

    /** Other nodes vote now: they are asked at once. The promises of those that vote still stay. */
    void reconfigured(long nowMs) {
        retryAtMs = nowMs;
    }

    void promise(int from, Message.Promise promise) {
        promises.put(from, promise);
        ceiling = Math.max(ceiling, promise.ceiling());
    }

    /** A lease is in the way: asked again when it has run out. */
    void held(long nowMs, Message.LeaseHeld held) {
        if (held.ballot().equals(ballot)) {
            long until = Math.max(retryAtMs, nowMs + held.remainingMs());
            retryAtMs = Math.min(nowMs + settings.leaseAtAcceptorMs(), until);
        }
    }

    /**
     * The entries above the commit index to be proposed again, when a quorum has promised and everything up to the highest
     * commit index of the promises is here; else null.
     */
    @Nullable
    List<Entry> finish(AcceptedLog log, long commit, Configuration configuration, Chain chain, Effects effects) {
        // Also before there is a quorum: what was chosen may name other voters than those that are asked, and some of
        // these may
        // be gone.
        for (Map.Entry<Integer, Message.Promise> one : promises.entrySet()) {
            if (one.getValue().commit() > commit) {
                effects.send(one.getKey(), new Message.Fetch(commit + 1));
                return null;
            }
        }
        if (!configuration.isPhase1(promises.keySet())) {
            return null;
        }
        return Recovery.entries(promises, commit, log.heldHash(commit), chain, configuration);
    }

    /** Entries that are chosen were asked for and did not come in time. */
    void missed(long commit, Configuration configuration) {
        if (configuration.isPhase1(promises.keySet()) && ++fetches > FETCHES_MAX) {
            fetches = 0;
            promises.values().removeIf(promise -> promise.commit() > commit);
        }
    }

    /** Chosen entries came. */
    void progressed() {
        fetches = 0;
    }
}
