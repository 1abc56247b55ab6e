package io.atlasdb.node.sim;

import io.atlasdb.node.consensus.Ballot;
import io.atlasdb.node.consensus.Configuration;
import io.atlasdb.node.consensus.Entry;
import io.atlasdb.node.consensus.Hash;
import io.atlasdb.node.consensus.Message;
import io.atlasdb.node.replica.Internals;
import io.atlasdb.node.replica.LogRecord;
import io.atlasdb.node.replica.Position;
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
    private long promisedRead;
    private long ackedSlot;

    /** What was seen of a ballot. */
    private static final class Attempt {
        final String proposer;
        final TreeMap<Long, Hash> proposed = new TreeMap<>();
        final Set<Integer> promisers = new TreeSet<>();
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

    private void fail(String what) {
        throw world.violated(new Violation("group " + group + ": " + what));
    }

    private void require(boolean holds, String what, Object... args) {
        if (!holds) {
            fail(what.formatted(args));
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

    /** A node appends a record, which may be the first that is seen of an entry. */
    void appended(LogRecord record) {
        if (record instanceof LogRecord.Accept accept) {
            assigned(accept.entry());
        }
    }

    /** An entry got its slot and timestamp. */
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

    void gained(SimNode node, long appliedSlot) {
        // One that paused with its votes in hand leads late, and only as long as it asks nobody.
        boolean superseded = world.nodes().stream()
                .anyMatch(other -> other.journal.held(group).promised.compareTo(node.journal.held(group).promised) > 0);
        require(
                appliedSlot >= ackedSlot || superseded,
                "node %d leads having applied slot %d, and slot %d was acknowledged",
                node.id,
                appliedSlot,
                ackedSlot);
    }

    void applied(SimNode node, SimMachine.State state) {
        Position position = state.position();
        if (position.slot() == 0) {
            require(state.registers().isEmpty(), "node %d begins with %s", node.id, state.registers());
            return;
        }
        SimMachine.State known = chosen.get(position.slot());
        if (known != null) {
            require(
                    known.position().equals(position),
                    "slot %d is %s at node %d and %s elsewhere",
                    position.slot(),
                    position,
                    node.id,
                    known.position());
            require(known.sum() == state.sum(), "slot %d leads to another state at node %d", position.slot(), node.id);
            return;
        }
        first(node, state);
    }

    private void first(SimNode node, SimMachine.State state) {
        Position position = state.position();
        long slot = position.slot();
        require(slot == lastChosen() + 1, "slot %d is chosen after %d", slot, lastChosen());
        Entry entry = entries.get(position.hash());
        if (entry == null) {
            throw world.violated(new Violation("group " + group + ": slot " + slot + " holds an entry nobody wrote"));
        }
        Hash previous =
                chosen.isEmpty() ? Hash.ZERO : chosen.get(slot - 1).position().hash();
        require(
                Internals.chain()
                        .next(previous, slot, entry.kind(), entry.timestamp(), entry.payload())
                        .equals(entry.hash()),
                "the chain is broken at slot %d",
                slot);
        long before = chosen.isEmpty() ? 0 : chosen.get(slot - 1).position().timestamp();
        require(entry.timestamp() > before, "the timestamp of slot %d is not above the one before", slot);
        long promised = promisedReadAt.getOrDefault(entry.hash(), 0L);
        require(
                entry.timestamp() > promised,
                "slot %d has timestamp %d and a read was promised at %d",
                slot,
                entry.timestamp(),
                promised);
        Set<Integer> holders = new TreeSet<>();
        for (SimNode one : world.nodes()) {
            if (one.holds(group, slot, entry.hash())) {
                holders.add(one.id);
            }
        }
        Configuration at = configurationFor(slot);
        require(
                at.isPhase2(holders),
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

    private Attempt attempt(Ballot ballot) {
        return attempts.computeIfAbsent(ballot, any -> new Attempt(""));
    }

    private Attempt proposer(SimNode from, Ballot ballot) {
        String name = from.id + "/" + from.life();
        Attempt attempt = attempts.computeIfAbsent(ballot, any -> new Attempt(name));
        require(attempt.proposer.equals(name), "%s is used by %s and %s", ballot, attempt.proposer, name);
        return attempt;
    }

    /** A node lets a message out. */
    void sent(SimNode from, Message message) {
        Held held = from.journal.held(group);
        if (message instanceof Message.Prepare prepare) {
            proposer(from, prepare.ballot());
            require(held.ownRound >= prepare.ballot().round(), "node %d asks before its ballot is forced", from.id);
        } else if (message instanceof Message.Promise promise) {
            require(
                    held.promised.compareTo(promise.ballot()) >= 0,
                    "node %d promises %s having forced %s",
                    from.id,
                    promise.ballot(),
                    held.promised);
            attempt(promise.ballot()).promisers.add(from.id);
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
                    held.ceiling >= attempt(confirmed.ballot()).ceilings.getOrDefault(confirmed.round(), 0L),
                    "node %d grants a ceiling above the forced one",
                    from.id);
        }
    }

    private void proposes(SimNode from, Held held, Message.Accept accept) {
        Attempt attempt = proposer(from, accept.ballot());
        for (Entry entry : accept.entries()) {
            long slot = entry.slot();
            Hash before = attempt.proposed.putIfAbsent(slot, entry.hash());
            require(
                    before == null || before.equals(entry.hash()),
                    "%s proposes two values in slot %d",
                    accept.ballot(),
                    slot);
            require(
                    attempt.stopSlot == 0 || slot <= attempt.stopSlot || chosen.containsKey(attempt.stopSlot),
                    "slot %d is proposed above slot %d, which changes the quorums",
                    slot,
                    attempt.stopSlot);
            if (slot > lastChosen() && before == null) {
                phase1(from, held, accept.ballot(), attempt, slot);
            }
            if (entry.kind() == Entry.Kind.CONFIGURATION
                    && slot > lastChosen()
                    && !configurationFor(slot).hasSameQuorums(Configuration.decode(entry.payload()))) {
                attempt.stopSlot = slot;
            }
        }
    }

    private void phase1(SimNode from, Held held, Ballot ballot, Attempt attempt, long slot) {
        Set<Integer> promisers = new TreeSet<>(attempt.promisers);
        if (held.promised.compareTo(ballot) >= 0) {
            promisers.add(from.id);
        }
        Configuration at = configurationFor(slot);
        require(
                at.isPhase1(promisers),
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
                hash != null,
                "node %d votes for slot %d, which %s did not propose",
                from.id,
                vote.match(),
                vote.ballot());
        Message.Accepted one = held.accepted.get(vote.match());
        require(
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
                held.promised.compareTo(ballot) >= 0,
                "node %d answers %s having forced %s",
                from.id,
                ballot,
                held.promised);
        Ballot promised = sentPromises.getOrDefault(from.id, Ballot.NONE);
        require(promised.compareTo(ballot) <= 0, "node %d votes for %s after promising %s", from.id, ballot, promised);
    }

    @Nullable
    Entry entry(Hash hash) {
        return entries.get(hash);
    }
}
