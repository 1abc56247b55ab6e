package io.atlasdb.node.consensus;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the owner of a ballot knows and does: brings entries to members, counts votes, and confirms its ballot for reads.
 *
 * <p>Invariants: a lease begins when the round or the entries that a phase-2 quorum answered were <em>sent</em>. A round counts
 * only acceptors whose promise was not above the ballot when the round reached them.
 */
final class Owner {
    private final int node;
    private final Ballot ballot;
    private final Settings settings;
    private final AcceptedLog log;
    private Configuration configuration;
    private final SortedMap<Integer, Progress> members = new TreeMap<>();

    /** Rounds of Confirm that a quorum has not answered. */
    private final TreeMap<Long, Round> rounds = new TreeMap<>();

    private long lastRound;
    private long confirmedRound;
    private long confirmRetryAtMs;
    private long leaseUntilMs = Long.MIN_VALUE;
    private long ceiling;
    /** When entries up to a slot were first sent; ascending. */
    private final Deque<Sent> sent = new ArrayDeque<>();

    private record Round(long sentAtMs, long ceiling, Set<Integer> answers) {}

    private record Sent(long slot, long atMs) {}

    Owner(int node, Ballot ballot, Settings settings, AcceptedLog log, Configuration configuration, long nowMs) {
        this.node = node;
        this.ballot = ballot;
        this.settings = settings;
        this.log = log;
        this.configuration = configuration;
        members(nowMs);
    }

    /** Takes over a new configuration: what quorums of the old one granted is void when the quorums differ. */
    void configure(Configuration next, long nowMs, Effects effects, long commit) {
        if (!next.hasSameQuorums(configuration)) {
            rounds.replaceAll((number, round) -> new Round(nowMs, round.ceiling(), new TreeSet<>()));
            leaseUntilMs = Long.MIN_VALUE;
            ceiling = 0;
            sent.clear();
        }
        Set<Integer> before = new TreeSet<>(members.keySet());
        configuration = next;
        members(nowMs);
        for (int member : members.keySet()) {
            if (!before.contains(member)) {
                effects.send(member, new Message.Commit(ballot, commit, log.heldHash(commit), stable()));
            }
        }
    }

    private void members(long nowMs) {
        members.keySet().retainAll(configuration.members());
        for (int member : configuration.members()) {
            members.computeIfAbsent(member, any -> new Progress(log.lastSlot() + 1, nowMs, settings.retryMs()));
        }
    }

    /** All members know that what is at or below this slot is chosen. */
    long stable() {
        long stable = Long.MAX_VALUE;
        for (Progress progress : members.values()) {
            // Not what it holds but what it knows to be chosen: from there on it asks when its log differs.
            stable = Math.min(stable, progress.commit);
        }
        return stable;
    }

    /** The newest slot that a member is known to hold. */
    long match(int member) {
        Progress progress = members.get(member);
        return progress == null ? 0 : progress.match;
    }

    /** Sends what the log holds above what was sent, as far as the windows allow. */
    void replicate(long nowMs, long commit, Effects effects) {
        members.forEach((member, progress) -> {
            if (member != node) {
                send(member, progress, commit, effects);
            }
        });
        if (settings.leaseMs() > 0) {
            sent.addLast(new Sent(log.lastSlot(), nowMs));
        }
    }

    private void send(int member, Progress progress, long commit, Effects effects) {
        long last = Math.min(log.lastSlot(), progress.match + settings.windowEntries());
        while (progress.next <= last) {
            Hash previous = log.hash(progress.next - 1);
            if (previous == null) {
                effects.send(member, new Message.Compacted(commit));
                progress.next = log.lastSlot() + 1;
                return;
            }
            List<Entry> batch = log.between(progress.next, last, settings.batchBytesMax());
            effects.send(member, new Message.Accept(ballot, previous, batch, commit, stable(), settings.leaseMs()));
            progress.next = batch.get(batch.size() - 1).slot() + 1;
        }
    }

    /** Takes a vote. Returns the highest slot that a phase-2 quorum holds, at least {@code commit}. */
    long vote(int from, Message.Vote vote, long nowMs, long commit, Effects effects) {
        Progress progress = members.get(from);
        if (progress == null) {
            return commit;
        }
        progress.heard(nowMs, settings.retryMs());
        progress.match = Math.max(progress.match, Math.min(vote.match(), log.lastSlot()));
        progress.next = Math.max(progress.next, progress.match + 1);
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

    /** Whether a phase-2 quorum holds everything up to a slot, or has granted a lease for it. */
    private boolean isPhase2(long slot, boolean leased) {
        Set<Integer> holders = new TreeSet<>();
        members.forEach((member, progress) -> {
            if ((leased ? progress.leased : progress.match) >= slot) {
                holders.add(member);
            }
        });
        return configuration.isPhase2(holders);
    }

    private void extendLease() {
        while (!sent.isEmpty() && isPhase2(sent.getFirst().slot(), true)) {
            leaseUntilMs = Math.max(leaseUntilMs, sent.removeFirst().atMs() + settings.leaseMs());
        }
    }

    /** Tells members what is chosen; while entries are on their way they bring the news themselves. */
    void announce(long commit, Effects effects) {
        if (commit < log.lastSlot()) {
            return;
        }
        members.forEach((member, progress) -> {
            if (member != node && progress.next > commit) {
                effects.send(member, new Message.Commit(ballot, commit, log.heldHash(commit), stable()));
            }
        });
    }

    /** A member lacks entries from a slot on. */
    void need(int from, long slot, long nowMs, long commit, Effects effects) {
        Progress progress = members.get(from);
        if (progress != null && from != node) {
            progress.heard(nowMs, settings.retryMs());
            progress.next = slot;
            send(from, progress, commit, effects);
        }
    }

    /** Sends again what was not answered in time. */
    void tick(long nowMs, long commit, Effects effects) {
        members.forEach((member, progress) -> {
            if (member != node && isBehind(progress, commit) && nowMs >= progress.retryAtMs && !progress.isSilent()) {
                progress.asked(nowMs, settings.retryMs());
                progress.next = progress.match + 1;
                if (progress.match < log.lastSlot()) {
                    send(member, progress, commit, effects);
                } else {
                    effects.send(member, new Message.Commit(ballot, commit, log.heldHash(commit), stable()));
                }
            }
        });
        if (!rounds.isEmpty() && nowMs >= confirmRetryAtMs) {
            ask(rounds.lastKey(), nowMs, effects);
        }
    }

    private boolean isBehind(Progress progress, long commit) {
        return progress.match < log.lastSlot() || progress.commit < commit;
    }

    /** A member can be reached again. */
    void wake(int member, long nowMs) {
        Progress progress = members.get(member);
        if (progress != null && progress.isSilent()) {
            progress.heard(nowMs, 0);
        }
    }

    /** Whether there is nothing to send again. */
    boolean isQuiet(long commit) {
        return rounds.isEmpty()
                && members.entrySet().stream()
                        .allMatch(member -> member.getKey() == node
                                || member.getValue().isSilent()
                                || !isBehind(member.getValue(), commit));
    }

    /** Begins a round. */
    void confirm(long nowMs, long wantedCeiling, Effects effects) {
        lastRound++;
        rounds.put(lastRound, new Round(nowMs, wantedCeiling, new TreeSet<>()));
        ask(lastRound, nowMs, effects);
    }

    private void ask(long number, long nowMs, Effects effects) {
        Round round = rounds.get(number);
        if (round != null) {
            Message confirm = new Message.Confirm(ballot, number, round.ceiling(), settings.leaseMs());
            for (Configuration.Voter voter : configuration.voters()) {
                if (!round.answers().contains(voter.node())) {
                    effects.send(voter.node(), confirm);
                }
            }
            confirmRetryAtMs = nowMs + settings.retryMs();
        }
    }

    void confirmed(int from, Message.Confirmed confirmed) {
        Round round = rounds.get(confirmed.round());
        if (round == null) {
            return;
        }
        round.answers().add(from);
        if (configuration.isPhase2(round.answers())) {
            confirmedRound = Math.max(confirmedRound, confirmed.round());
            ceiling = Math.max(ceiling, round.ceiling());
            if (settings.leaseMs() > 0) {
                leaseUntilMs = Math.max(leaseUntilMs, round.sentAtMs() + settings.leaseMs());
            }
            rounds.headMap(confirmed.round(), true).clear();
        }
    }

    long lastRound() {
        return lastRound;
    }

    long confirmedRound() {
        return confirmedRound;
    }

    boolean hasLease(long nowMs) {
        return nowMs < leaseUntilMs;
    }

    long leaseUntilMs() {
        return leaseUntilMs;
    }

    /** No later owner assigns a timestamp at or below it. */
    long ceiling() {
        return ceiling;
    }
}
