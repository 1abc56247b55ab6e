package io.atlasdb.node.sim;

import io.atlasdb.node.consensus.Ballot;
import io.atlasdb.node.consensus.Configuration;
import io.atlasdb.node.consensus.Entry;
import io.atlasdb.node.consensus.Hash;
import io.atlasdb.node.consensus.Message;
import io.atlasdb.node.replica.Internals;
import io.atlasdb.node.replica.Position;
import io.atlasdb.node.replica.Replica;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Sees everything that happens to one group, and says at once when something happens that must not. */
final class Judge {
    private final long group;
    private final Configuration genesis;
    private final World world;

    /** Chosen slots, as they were first applied. */
    private final TreeMap<Long, SimMachine.State> chosen = new TreeMap<>();
    /** Configurations by the slot of their entry: each decides on what stands above it. */
    private final TreeMap<Long, Configuration> configurations = new TreeMap<>();

    private final Map<Hash, Entry> entries = new HashMap<>();
    /** The largest timestamp of a read that was promised when an entry got its own. */
    private final Map<Hash, Long> promisedReadAt = new HashMap<>();

    private final Map<Ballot, Attempt> attempts = new HashMap<>();
    private final Map<Integer, Ballot> sentPromises = new TreeMap<>();
    /** The highest ballot that each node proposed or asked with. */
    private final Map<Integer, Ballot> ownBallots = new TreeMap<>();

    private long promisedRead;
    private long ackedSlot;

    /** What was seen of a ballot. */
    private static final class Attempt {
        final String proposer;
        final TreeMap<Long, Hash> proposed = new TreeMap<>();
        final Set<Integer> promisers = new TreeSet<>();
        final Map<Integer, Message.Promise> reports = new TreeMap<>();
        final Map<Long, Long> ceilings = new TreeMap<>();
        long stopSlot;

        Attempt(String proposer) {
            this.proposer = proposer;
        }
    }

    Judge(long group, Configuration genesis, World world) {
        this.group = group;
        this.genesis = genesis;
        this.world = world;
    }

    private void require(Invariant invariant, boolean holds, String what, Object... args) {
        if (!holds) {
            throw world.violated(new Violation(invariant, "group " + group + ": " + what.formatted(args)));
        }
    }

    long lastChosen() {
        return chosen.isEmpty() ? 0 : chosen.lastKey();
    }

    /** The configuration whose quorums decide on a slot. */
    Configuration configurationFor(long slot) {
        Map.Entry<Long, Configuration> below = configurations.lowerEntry(slot);
        return below == null ? genesis : below.getValue();
    }

    Configuration newest() {
        return configurationFor(Long.MAX_VALUE);
    }

    /** Slot of the entry that {@link #newest} stands in. */
    long newestSlot() {
        return configurations.isEmpty() ? 0 : configurations.lastKey();
    }

    /** Hash of the entry that {@link #newest} stands in. */
    Hash newestHash() {
        SimMachine.State state = chosen.get(newestSlot());
        return state == null ? Hash.ZERO : state.position().hash();
    }

    /** An entry got its slot and timestamp, or a record of one is the first that is seen of it. */
    void assigned(Entry entry) {
        if (entries.putIfAbsent(entry.hash(), entry) == null) {
            promisedReadAt.put(entry.hash(), promisedRead);
        }
    }

    /** A read was served: nothing may be written at or below its timestamp any more. */
    void read(long timestamp) {
        if (world.plan().readsAreSafe()) {
            promisedRead = Math.max(promisedRead, timestamp);
        }
    }

    /** A write was acknowledged. */
    void acknowledged(long slot) {
        ackedSlot = Math.max(ackedSlot, slot);
    }

    /** A node was started: the quorums that it goes by must be those of the slot that it has applied. */
    void restored(SimNode node, Replica replica) {
        long slot = replica.applied().slot();
        Configuration known = replica.configuration();
        require(
                Invariant.CONFIGURATION,
                slot == 0
                        || replica.isInstalling()
                        || configurationFor(slot + 1).equals(known),
                "node %d starts at slot %d with %s",
                node.id,
                slot,
                known);
    }

    void gained(SimNode node, long appliedSlot) {
        // One that paused with its votes in hand leads late, and only as long as it asks nobody.
        boolean superseded = world.nodes().stream()
                .anyMatch(other -> other.journal.held(group).promised.compareTo(node.journal.held(group).promised) > 0);
        require(
                Invariant.ACKNOWLEDGED,
                appliedSlot >= ackedSlot || superseded,
                "node %d leads having applied slot %d, and slot %d was acknowledged",
                node.id,
                appliedSlot,
                ackedSlot);
    }

    void applied(SimNode node, SimMachine.State state) {
        Position position = state.position();
        if (position.slot() == 0) {
            require(
                    Invariant.SAME_STATE,
                    state.registers().isEmpty(),
                    "node %d begins with %s",
                    node.id,
                    state.registers());
            return;
        }
        SimMachine.State known = chosen.get(position.slot());
        if (known != null) {
            require(
                    Invariant.ONE_VALUE,
                    known.position().equals(position),
                    "slot %d is %s at node %d and %s elsewhere",
                    position.slot(),
                    position,
                    node.id,
                    known.position());
            require(
                    Invariant.SAME_STATE,
                    known.sum() == state.sum(),
                    "slot %d leads to another state at node %d",
                    position.slot(),
                    node.id);
            return;
        }
        first(node, state);
    }

    private void first(SimNode node, SimMachine.State state) {
        Position position = state.position();
        long slot = position.slot();
        require(Invariant.ONE_VALUE, slot == lastChosen() + 1, "slot %d is chosen after %d", slot, lastChosen());
        Entry entry = entries.get(position.hash());
        if (entry == null) {
            throw world.violated(new Violation(
                    Invariant.ONE_VALUE, "group " + group + ": slot " + slot + " holds an entry nobody wrote"));
        }
        Hash previous =
                chosen.isEmpty() ? Hash.ZERO : chosen.get(slot - 1).position().hash();
        require(
                Invariant.CHAIN,
                Internals.chain()
                        .next(previous, slot, entry.kind(), entry.timestamp(), entry.payload())
                        .equals(entry.hash()),
                "the chain is broken at slot %d",
                slot);
        long before = chosen.isEmpty() ? 0 : chosen.get(slot - 1).position().timestamp();
        require(
                Invariant.TIMESTAMPS,
                entry.timestamp() > before,
                "the timestamp of slot %d is not above the one before",
                slot);
        long promised = promisedReadAt.getOrDefault(entry.hash(), 0L);
        require(
                Invariant.PROMISED_READS,
                entry.timestamp() > promised,
                "slot %d has timestamp %d and a read was promised at %d",
                slot,
                entry.timestamp(),
                promised);
        Set<Integer> holders = holders(slot, entry.hash());
        Configuration at = configurationFor(slot);
        require(
                Invariant.DURABLE,
                Quorums.isPhase2(at, holders),
                "slot %d is chosen at node %d, held by %s, no phase-2 quorum of %s",
                slot,
                node.id,
                holders,
                at);
        chosen.put(slot, state);
        if (entry.kind() == Entry.Kind.CONFIGURATION) {
            configurations.put(slot, Configuration.decode(entry.payload()));
        }
    }

    private Set<Integer> holders(long slot, Hash hash) {
        Set<Integer> holders = new TreeSet<>();
        for (SimNode one : world.nodes()) {
            if (one.holds(group, slot, hash)) {
                holders.add(one.id);
            }
        }
        return holders;
    }

    /** Whether what a ballot proposed in a slot is chosen, applied or not. */
    private boolean isDecided(Attempt attempt, long slot) {
        Hash hash = attempt.proposed.get(slot);
        return chosen.containsKey(slot)
                || (hash != null && Quorums.isPhase2(configurationFor(slot), holders(slot, hash)));
    }

    private Attempt attempt(Ballot ballot) {
        return attempts.computeIfAbsent(ballot, any -> new Attempt(""));
    }

    private Attempt proposer(SimNode from, Ballot ballot) {
        String name = from.id + "/" + from.life();
        Attempt attempt = attempts.computeIfAbsent(ballot, any -> new Attempt(name));
        require(
                Invariant.ONE_PROPOSER,
                attempt.proposer.equals(name),
                "%s is used by %s and %s",
                ballot,
                attempt.proposer,
                name);
        ownBallots.merge(from.id, ballot, (a, b) -> a.compareTo(b) > 0 ? a : b);
        return attempt;
    }

    /** A node lets a message out. */
    void sent(SimNode from, Message message) {
        Held held = from.journal.held(group);
        if (message instanceof Message.Prepare prepare) {
            proposer(from, prepare.ballot());
            require(
                    Invariant.FORCED,
                    held.ownRound >= prepare.ballot().round(),
                    "node %d asks before its ballot is forced",
                    from.id);
        } else if (message instanceof Message.Promise promise) {
            require(
                    Invariant.FORCED,
                    held.promised.compareTo(promise.ballot()) >= 0,
                    "node %d promises %s having forced %s",
                    from.id,
                    promise.ballot(),
                    held.promised);
            reports(from, held, promise);
            attempt(promise.ballot()).promisers.add(from.id);
            attempt(promise.ballot()).reports.put(from.id, promise);
            sentPromises.merge(from.id, promise.ballot(), (a, b) -> a.compareTo(b) > 0 ? a : b);
        } else if (message instanceof Message.Accept accept) {
            proposes(from, held, accept);
        } else if (message instanceof Message.Vote vote) {
            votes(from, held, vote);
        } else if (message instanceof Message.Confirm confirm) {
            proposer(from, confirm.ballot()).ceilings.put(confirm.round(), confirm.ceiling());
        } else if (message instanceof Message.Confirmed confirmed) {
            stands(from, held, confirmed.ballot());
            require(
                    Invariant.FORCED,
                    held.ceiling >= attempt(confirmed.ballot()).ceilings.getOrDefault(confirmed.round(), 0L),
                    "node %d grants a ceiling above the forced one",
                    from.id);
        }
    }

    /** What a promise tells is what is forced, with the ballots that it was forced under. */
    private void reports(SimNode from, Held held, Message.Promise promise) {
        Ballot ballot = promise.ballot();
        if (held.promised.compareTo(ballot) > 0
                || held.accepted.values().stream().anyMatch(one -> one.ballot().compareTo(ballot) >= 0)) {
            return; // more was forced since it was made
        }
        for (Message.Accepted told : promise.entries()) {
            long slot = told.entry().slot();
            Message.Accepted one = held.accepted.get(slot);
            if (slot > held.applied.slot()) {
                require(
                        Invariant.REPORTED,
                        one != null
                                && one.ballot().equals(told.ballot())
                                && one.entry().hash().equals(told.entry().hash()),
                        "node %d reports slot %d under %s, forced is %s",
                        from.id,
                        slot,
                        told.ballot(),
                        one == null ? "nothing" : one.ballot());
            }
        }
    }

    /** A node may read from memory: those that promised a higher ballot leave the quorum that granted the lease. */
    void leased(SimNode holder) {
        Ballot ballot = ownBallots.getOrDefault(holder.id, Ballot.NONE);
        Set<Integer> loyal = new TreeSet<>();
        for (Configuration.Voter voter : newest().voters()) {
            if (sentPromises.getOrDefault(voter.node(), Ballot.NONE).compareTo(ballot) <= 0) {
                loyal.add(voter.node());
            }
        }
        require(
                Invariant.ONE_LEASE,
                newest().voters().size() == 1 || Quorums.isPhase2(newest(), loyal), // one that is alone tells nobody
                "node %d has a lease under %s, and only %s did not promise a higher ballot",
                holder.id,
                ballot,
                loyal);
    }

    private void proposes(SimNode from, Held held, Message.Accept accept) {
        Attempt attempt = proposer(from, accept.ballot());
        Hash parent = accept.previous();
        for (Entry entry : accept.entries()) {
            long slot = entry.slot();
            Hash before = attempt.proposed.putIfAbsent(slot, entry.hash());
            require(
                    Invariant.ONE_VALUE_PER_BALLOT,
                    before == null || before.equals(entry.hash()),
                    "%s proposes two values in slot %d",
                    accept.ballot(),
                    slot);
            require(
                    Invariant.STOP_SIGN,
                    attempt.stopSlot == 0 || slot <= attempt.stopSlot || isDecided(attempt, attempt.stopSlot),
                    "slot %d is proposed above slot %d, which changes the quorums",
                    slot,
                    attempt.stopSlot);
            if (slot > lastChosen() && before == null) {
                phase1(from, held, accept.ballot(), attempt, slot);
                highest(from, held, attempt, entry, parent);
            }
            if (entry.kind() == Entry.Kind.CONFIGURATION
                    && before == null
                    && slot > lastChosen()
                    && !configurationFor(accept.commit() + 1).hasSameQuorums(Configuration.decode(entry.payload()))) {
                attempt.stopSlot = slot;
            }
            parent = entry.hash();
        }
    }

    /** What is proposed again was not outdone by an entry that follows as well, unless who reports that one was not needed. */
    private void highest(SimNode from, Held held, Attempt attempt, Entry entry, Hash parent) {
        long slot = entry.slot();
        Message.Accepted own = held.accepted.get(slot);
        Ballot best = own != null && own.entry().hash().equals(entry.hash()) ? own.ballot() : Ballot.NONE;
        for (Message.Promise promise : attempt.reports.values()) {
            Message.Accepted told = told(promise, slot);
            boolean same = told != null && told.entry().hash().equals(entry.hash());
            best = same && told.ballot().compareTo(best) > 0 ? told.ballot() : best;
        }
        if (best.equals(Ballot.NONE)) {
            return;
        }
        Set<Integer> rest = new TreeSet<>(attempt.promisers);
        rest.add(from.id);
        for (Map.Entry<Integer, Message.Promise> report : attempt.reports.entrySet()) {
            Message.Accepted told = told(report.getValue(), slot);
            if (told != null
                    && told.ballot().compareTo(best) > 0
                    && Internals.chain()
                            .next(
                                    parent,
                                    slot,
                                    told.entry().kind(),
                                    told.entry().timestamp(),
                                    told.entry().payload())
                            .equals(told.entry().hash())) {
                rest.remove(report.getKey());
            }
        }
        require(
                Invariant.HIGHEST,
                Quorums.isPhase1(configurationFor(slot), rest),
                "slot %d is proposed again with what was accepted under %s",
                slot,
                best);
    }

    private static Message.@Nullable Accepted told(Message.Promise promise, long slot) {
        return promise.entries().stream()
                .filter(one -> one.entry().slot() == slot)
                .findFirst()
                .orElse(null);
    }

    private void phase1(SimNode from, Held held, Ballot ballot, Attempt attempt, long slot) {
        Set<Integer> promisers = new TreeSet<>(attempt.promisers);
        if (held.promised.compareTo(ballot) >= 0) {
            promisers.add(from.id);
        }
        Configuration at = configurationFor(slot);
        require(
                Invariant.PHASE_1,
                Quorums.isPhase1(at, promisers),
                "%s proposes in slot %d with promises of %s in %s",
                ballot,
                slot,
                promisers,
                at);
    }

    private void votes(SimNode from, Held held, Message.Vote vote) {
        if (vote.match() <= lastChosen()) {
            return;
        }
        stands(from, held, vote.ballot());
        Hash hash = attempt(vote.ballot()).proposed.get(vote.match());
        require(
                Invariant.VOTE,
                hash != null,
                "node %d votes for slot %d, which %s did not propose",
                from.id,
                vote.match(),
                vote.ballot());
        Message.Accepted one = held.accepted.get(vote.match());
        require(
                Invariant.VOTE,
                (one == null && held.promised.compareTo(vote.ballot()) > 0)
                        || one != null
                                && (one.ballot().compareTo(vote.ballot()) > 0
                                        || (one.ballot().equals(vote.ballot())
                                                && one.entry().hash().equals(hash))),
                "node %d votes for slot %d of %s and has forced %s",
                from.id,
                vote.match(),
                vote.ballot(),
                one == null ? "nothing" : one.ballot());
    }

    private void stands(SimNode from, Held held, Ballot ballot) {
        require(
                Invariant.FORCED,
                held.promised.compareTo(ballot) >= 0,
                "node %d answers %s having forced %s",
                from.id,
                ballot,
                held.promised);
        Ballot promised = sentPromises.getOrDefault(from.id, Ballot.NONE);
        require(
                Invariant.PROMISE,
                promised.compareTo(ballot) <= 0,
                "node %d votes for %s after promising %s",
                from.id,
                ballot,
                promised);
    }

    @Nullable
    Entry entry(Hash hash) {
        return entries.get(hash);
    }
}
