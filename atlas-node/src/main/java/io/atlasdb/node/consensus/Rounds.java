package io.atlasdb.node.consensus;

import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The rounds in which an owner asks whether its ballot still stands, and gets a lease and a ceiling.
 *
 * <p>Invariants: a lease begins when the round that a phase-2 quorum answered was first <em>sent</em>. What was answered before
 * the quorums changed counts for nothing after it, so the rounds that were open then become one new round.
 */
public final class Rounds {
    private final Ballot ballot;
    private final Settings settings;
    /** Rounds that a quorum has not answered. */
    private final TreeMap<Long, Round> open = new TreeMap<>();

    private long last;
    private long confirmed;
    private long ceiling;
    private long leaseUntilMs = Long.MIN_VALUE;
    private long retryAtMs;
    /** While the quorums change nobody is asked. */
    private boolean held;

    private record Round(long sentAtMs, long ceiling, Set<Integer> answers) {}

    Rounds(Ballot ballot, Settings settings) {
        this.ballot = ballot;
        this.settings = settings;
    }

    /** Begins a round. */
    void begin(long nowMs, long wantedCeiling, Configuration configuration, Effects effects) {
        last++;
        open.put(last, new Round(nowMs, wantedCeiling, new TreeSet<>()));
        ask(nowMs, configuration, effects);
    }

    private void ask(long nowMs, Configuration configuration, Effects effects) {
        Round round = open.isEmpty() ? null : open.lastEntry().getValue();
        if (round != null && !held) {
            Message confirm = new Message.Confirm(ballot, open.lastKey(), round.ceiling(), settings.leaseMs());
            for (Configuration.Voter voter : configuration.voters()) {
                if (!round.answers().contains(voter.node())) {
                    effects.send(voter.node(), confirm);
                }
            }
            retryAtMs = nowMs + settings.retryMs();
        }
    }

    void tick(long nowMs, Configuration configuration, Effects effects) {
        if (nowMs >= retryAtMs) {
            ask(nowMs, configuration, effects);
        }
    }

    void confirmed(int from, Message.Confirmed answer, Configuration configuration) {
        Round round = open.get(answer.round());
        if (round == null) {
            return;
        }
        round.answers().add(from);
        if (configuration.isPhase2(round.answers())) {
            confirmed = Math.max(confirmed, answer.round());
            ceiling = Math.max(ceiling, round.ceiling());
            lease(round.sentAtMs());
            open.headMap(answer.round(), true).clear();
        }
    }

    /** A phase-2 quorum granted a lease for what was sent at that time. */
    void lease(long sentAtMs) {
        if (settings.leaseMs() > 0) {
            leaseUntilMs = Math.max(leaseUntilMs, sentAtMs + settings.leaseMs());
        }
    }

    /** The quorums have changed: what the former ones granted is void. */
    void hold() {
        held = true;
        leaseUntilMs = Long.MIN_VALUE;
        ceiling = 0;
    }

    /** The new quorums may be asked; open rounds go to them as one. */
    void resume(long nowMs, Configuration configuration, Effects effects) {
        held = false;
        if (!open.isEmpty()) {
            long wanted = 0;
            for (Round round : open.values()) {
                wanted = Math.max(wanted, round.ceiling());
            }
            open.clear();
            begin(nowMs, wanted, configuration, effects);
        }
    }

    boolean isQuiet() {
        return open.isEmpty() || held;
    }

    /** How many rounds are not answered yet. */
    public int open() {
        return open.size();
    }

    /** The number of the round that was begun last, 0 before the first. */
    public long last() {
        return last;
    }

    /** The highest round that a quorum has answered; it stands for all before it. */
    public long confirmed() {
        return confirmed;
    }

    /** No later owner assigns a timestamp at or below it. */
    public long ceiling() {
        return ceiling;
    }

    /** When the lease ends, on the clock of the node. */
    public long leaseUntilMs() {
        return leaseUntilMs;
    }
}
