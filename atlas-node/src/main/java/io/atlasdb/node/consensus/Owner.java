package io.atlasdb.node.consensus;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the owner of a ballot knows and does: brings entries to members, and counts their votes.
 *
 * <p>Invariants: only what was proposed under this ballot is sent and counted, though the log may hold more above it, left by
 * others. A lease begins when the entries that a phase-2 quorum answered were <em>sent</em>.
 */
final class Owner {
    private final int node;
    private final Ballot ballot;
    private final Settings settings;
    private final AcceptedLog log;
    private final Rounds rounds;
    private Configuration configuration;
    private final SortedMap<Integer, Progress> members = new TreeMap<>();

    /** The last slot that is proposed under this ballot, or was chosen before it. */
    private long end;
    /** When entries up to a slot were first sent; ascending. */
    private final Deque<Sent> sent = new ArrayDeque<>();

    private record Sent(long slot, long atMs) {}

    Owner(
            int node,
            Ballot ballot,
            Settings settings,
            AcceptedLog log,
            long commit,
            Configuration configuration,
            long nowMs) {
        this.node = node;
        this.ballot = ballot;
        this.settings = settings;
        this.log = log;
        this.end = commit;
        this.configuration = configuration;
        this.rounds = new Rounds(ballot, settings);
        members(nowMs);
    }

    Rounds rounds() {
        return rounds;
    }

    /** The last slot that is proposed. */
    long end() {
        return end;
    }

    /** Takes over a new configuration; when the quorums differ, they are asked nothing before {@link Rounds#resume}. */
    void configure(Configuration next, long nowMs, long commit, Effects effects) {
        if (!next.hasSameQuorums(configuration)) {
            rounds.hold();
            sent.clear();
        }
        TreeSet<Integer> told = new TreeSet<>(next.members());
        told.removeAll(members.keySet());
        for (int member : members.keySet()) {
            if (!next.hasMember(member)) {
                told.add(member);
            }
        }
        configuration = next;
        members(nowMs);
        // New members learn that they are some; former ones, that they are none any more.
        told.forEach(member -> tell(member, commit, effects));
    }

    private void members(long nowMs) {
        members.keySet().retainAll(configuration.members());
        for (int member : configuration.members()) {
            members.computeIfAbsent(member, any -> new Progress(end, nowMs, settings.retryMs()));
        }
    }

    private void tell(int member, long commit, Effects effects) {
        if (member != node) {
            effects.send(member, new Message.Commit(ballot, commit, log.heldHash(commit), stable()));
        }
    }

    /** All members know that what is at or below this slot is chosen; for this node it is known anyway. */
    long stable() {
        long stable = Long.MAX_VALUE;
        for (Map.Entry<Integer, Progress> member : members.entrySet()) {
            if (member.getKey() != node) {
                // Not what it holds but what it knows to be chosen: from there on it asks when its log differs.
                stable = Math.min(stable, member.getValue().commit);
            }
        }
        return stable;
    }

    /** The newest slot that a member is known to hold. */
    long match(int member) {
        Progress progress = members.get(member);
        return progress == null ? 0 : progress.match;
    }

    /** Sends what was proposed up to a slot, as far as the windows allow. */
    void replicate(long nowMs, long upTo, long commit, Effects effects) {
        end = upTo;
        members.forEach((member, progress) -> {
            if (member != node) {
                send(member, progress, commit, effects);
            }
        });
        if (settings.leaseMs() > 0) {
            sent.addLast(new Sent(end, nowMs));
        }
    }

    private boolean send(int member, Progress progress, long commit, Effects effects) {
        long last = Math.min(end, progress.base + settings.windowEntries());
        boolean some = false;
        while (progress.next <= last) {
            Hash previous = log.hash(progress.next - 1);
            if (previous == null) {
                effects.send(member, new Message.Compacted(commit));
                progress.next = end + 1;
                return true;
            }
            List<Entry> batch = log.between(progress.next, last, settings.batchBytesMax());
            effects.send(member, new Message.Accept(ballot, previous, batch, commit, stable(), settings.leaseMs()));
            progress.next = batch.get(batch.size() - 1).slot() + 1;
            some = true;
        }
        return some;
    }

    /** Takes a vote. Returns the highest slot that a phase-2 quorum holds, at least {@code commit}. */
    long vote(int from, Message.Vote vote, long nowMs, long commit, Effects effects) {
        Progress progress = members.get(from);
        if (progress == null) {
            return commit;
        }
        progress.heard(nowMs, settings.retryMs());
        progress.matches(Math.min(vote.match(), end));
        progress.commit = Math.max(progress.commit, vote.commit());
        if (vote.leased()) {
            progress.leased = Math.max(progress.leased, progress.match);
            extendLease();
        }
        if (from != node) {
            send(from, progress, commit, effects);
        }
        long chosen = commit;
        for (Progress one : members.values()) {
            if (one.match > chosen && isPhase2(one.match, false)) {
                chosen = one.match;
            }
        }
        return chosen;
    }

    /** Whether a phase-2 quorum of the present configuration is known to hold everything up to a slot. */
    boolean isHeld(long slot) {
        return isPhase2(slot, false);
    }

    /** Whether a phase-2 quorum holds everything up to a slot, or has granted a lease for it. */
    private boolean isPhase2(long slot, boolean leased) {
        TreeSet<Integer> holders = new TreeSet<>();
        members.forEach((member, progress) -> {
            if ((leased ? progress.leased : progress.match) >= slot) {
                holders.add(member);
            }
        });
        return configuration.isPhase2(holders);
    }

    private void extendLease() {
        while (!sent.isEmpty() && isPhase2(sent.getFirst().slot(), true)) {
            rounds.lease(sent.removeFirst().atMs());
        }
    }

    /** Tells members what is chosen; while entries are on their way they bring the news themselves. */
    void announce(long commit, Effects effects) {
        if (commit == end) {
            members.forEach((member, progress) -> {
                if (progress.next > commit) {
                    tell(member, commit, effects);
                }
            });
        }
    }

    /** A member lacks entries from a slot on. */
    void need(int from, long slot, long nowMs, long commit, Effects effects) {
        Progress progress = members.get(from);
        if (progress != null && from != node) {
            progress.heard(nowMs, settings.retryMs());
            if (progress.needs(Math.min(slot, end + 1), nowMs, settings.retryMs() / 4)
                    && !send(from, progress, commit, effects)) {
                tell(from, commit, effects);
            }
        }
    }

    /** Sends again what was not answered in time. */
    void tick(long nowMs, long commit, Effects effects) {
        members.forEach((member, progress) -> {
            if (member != node && isBehind(progress, commit) && nowMs >= progress.retryAtMs && !progress.isSilent()) {
                progress.asked(nowMs, settings.retryMs());
                // One that needs a snapshot may have got it meanwhile: it is asked, not told again to take one.
                boolean held = log.hash(progress.next - 1) != null;
                if (!held || !send(member, progress, commit, effects)) {
                    tell(member, commit, effects);
                }
            }
        });
        rounds.tick(nowMs, configuration, effects);
    }

    private boolean isBehind(Progress progress, long commit) {
        return progress.match < end || progress.commit < commit;
    }

    /** A member can be reached again, and may have lost what it did not force, its commit index for one. */
    void wake(int member, long nowMs) {
        Progress progress = members.get(member);
        if (progress != null) {
            progress.heard(nowMs, 0);
            progress.commit = 0;
        }
    }

    /** Whether there is nothing to send again. */
    boolean isQuiet(long commit) {
        if (!rounds.isQuiet()) {
            return false;
        }
        for (Map.Entry<Integer, Progress> member : members.entrySet()) {
            if (member.getKey() != node && !member.getValue().isSilent() && isBehind(member.getValue(), commit)) {
                return false;
            }
        }
        return true;
    }
}
