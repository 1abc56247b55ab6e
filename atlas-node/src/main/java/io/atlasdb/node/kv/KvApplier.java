package io.atlasdb.node.kv;

import io.atlasdb.node.clock.HybridClock;
import io.atlasdb.node.consensus.Entry;
import io.atlasdb.node.replica.Applier;
import io.atlasdb.node.replica.Mutation;
import io.atlasdb.node.replica.Mutation.Space;
import io.atlasdb.node.replica.StateMachine;
import io.atlasdb.proto.AtlasException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What commands do to the state of a group: the same at every replica, by nothing but the state and the entry. */
final class KvApplier implements Applier {
    /** META key of the mark that the group ended; its value is the commit timestamp of the drop. */
    static final byte[] DROPPED = {'D'};

    private final StateMachine machine;
    private final Listener listener;
    private final RetainedState retained;

    /** Told of every applied command, on the group's thread. */
    interface Listener {
        void applied(long group, Entry entry, Outcome outcome);
    }

    /**
     * What a command came to.
     *
     * @param txn the transaction over several groups that it belongs to; null for a WRITE or FORGET
     * @param record what the group now knows of that transaction; null for a WRITE or FORGET
     * @param timestamp of a WRITE, that of the first entry of its request; else 0
     * @param refusal why it did nothing although it is the first: a record that it would change is retained; else null
     */
    record Outcome(
            Command command,
            @Nullable TxnId txn,
            @Nullable TxnRecord record,
            long timestamp,
            @Nullable AtlasException refusal) {
        Outcome(Command command, @Nullable TxnId txn, @Nullable TxnRecord record) {
            this(command, txn, record, 0, null);
        }
    }

    KvApplier(StateMachine machine, Listener listener) {
        this.machine = machine;
        this.listener = listener;
        this.retained = new RetainedState(machine);
    }

    @Override
    public Applied apply(long group, Entry entry) {
        Command command = CommandCodec.decode(group, entry.payload());
        if (command instanceof Command.Write write) {
            return write(group, write, entry.timestamp());
        }
        if (command instanceof Command.Prepare prepare) {
            return prepare(group, prepare, entry);
        }
        if (command instanceof Command.Tombstone tombstone) {
            TxnRecord record = TxnRecord.ended(TxnRecord.State.TOMBSTONE, entry.timestamp());
            return first(group, command, tombstone.txn(), record, null);
        }
        if (command instanceof Command.Decide decide) {
            return end(group, command, decide.txn(), decide.commit(), decide.timestamp(), entry);
        }
        if (command instanceof Command.Resolve resolve) {
            return end(group, command, resolve.txn(), resolve.commit(), resolve.timestamp(), entry);
        }
        List<Mutation> mutations = new ArrayList<>();
        for (TxnId txn : ((Command.Forget) command).txns()) {
            mutations.add(new Mutation(Space.META, TxnRecord.key(txn), 0, null));
        }
        return new Applied(mutations, new Outcome(command, null, null));
    }

    @Override
    public void applied(long group, Entry entry, Object outcome) {
        listener.applied(group, entry, (Outcome) outcome);
    }

    @Override
    public long oldestOpen(long group) {
        long[] oldest = {Long.MAX_VALUE};
        machine.metaScan(group, TxnRecord.prefix(), (key, value) -> {
            TxnRecord record = TxnRecord.decode(value);
            if (record.state() == TxnRecord.State.PREPARED) {
                oldest[0] = Math.min(oldest[0], record.timestamp());
            }
        });
        return oldest[0];
    }

    /** The record that a group holds of a transaction, or null. */
    @Nullable
    TxnRecord record(long group, TxnId txn) {
        byte[] stored = machine.meta(group, TxnRecord.key(txn));
        return stored == null ? null : TxnRecord.decode(stored);
    }

    @Override
    public void installed(long group) {
        retained.forget(group);
    }

    private Applied write(long group, Command.Write write, long timestamp) {
        List<Mutation> mutations = new ArrayList<>(write.puts().size() + 1);
        TxnId request = write.request();
        if (request != null) {
            byte[] key = Answered.key(request);
            byte[] known = machine.meta(group, key);
            if (known != null) {
                return new Applied(List.of(), new Outcome(write, null, null, Answered.timestamp(known), null));
            }
            mutations.add(new Mutation(Space.META, key, 0, Answered.value(timestamp)));
            Answered.expired(machine, group, timestamp)
                    .forEach(old -> mutations.add(new Mutation(Space.META, old, 0, null)));
        }
        AtlasException refusal = retained.refuse(group, write.puts(), false, HybridClock.millis(timestamp));
        if (refusal != null) {
            // The name of the request is not remembered either: whoever asks again is refused by its owner.
            return new Applied(List.of(), new Outcome(write, null, null, timestamp, refusal));
        }
        rows(group, write.puts(), timestamp, mutations);
        return new Applied(mutations, new Outcome(write, null, null, timestamp, null));
    }

    /** What a retained record forbids counts as barred. */
    private Applied prepare(long group, Command.Prepare prepare, Entry entry) {
        long timestamp = entry.timestamp();
        AtlasException refusal = retained.refuse(group, prepare.puts(), prepare.drop(), HybridClock.millis(timestamp));
        TxnRecord record = refusal == null
                ? TxnRecord.prepared(timestamp, entry.payload())
                : TxnRecord.ended(TxnRecord.State.TOMBSTONE, timestamp);
        return first(group, prepare, prepare.txn(), record, refusal);
    }

    private Applied first(long group, Command command, TxnId txn, TxnRecord record, @Nullable AtlasException refusal) {
        TxnRecord before = record(group, txn);
        if (before != null) {
            return new Applied(List.of(), new Outcome(command, txn, before));
        }
        return new Applied(List.of(meta(txn, record)), new Outcome(command, txn, record, 0, refusal));
    }

    private Applied end(long group, Command command, TxnId txn, boolean commit, long timestamp, Entry entry) {
        TxnRecord before = record(group, txn);
        boolean decided = before != null && before.state() != TxnRecord.State.PREPARED;
        if (decided || (before == null && commit)) {
            // Decided already; or a decision to commit what was never prepared here, which no coordinator makes.
            TxnRecord standing = before == null ? TxnRecord.ended(TxnRecord.State.TOMBSTONE, timestamp) : before;
            return new Applied(List.of(), new Outcome(command, txn, standing));
        }
        TxnRecord.State state = commit ? TxnRecord.State.COMMITTED : TxnRecord.State.ABORTED;
        // The coordinator group remembers whom to tell.
        List<Long> participants = before == null || command instanceof Command.Resolve
                ? List.of()
                : ((Command.Prepare) CommandCodec.decode(group, before.prepare())).participants();
        TxnRecord record = TxnRecord.decided(state, timestamp, participants);
        List<Mutation> mutations = new ArrayList<>();
        mutations.add(meta(txn, record));
        if (commit && before != null) {
            Command.Prepare prepare = (Command.Prepare) CommandCodec.decode(group, before.prepare());
            // Its locks kept what it writes as it was when it was prepared, so nothing is left out here, unless an
            // entry was
            // written that no owner writes.
            long nowMs = HybridClock.millis(Math.min(timestamp, entry.timestamp()));
            rows(group, retained.allowed(group, prepare.puts(), nowMs), timestamp, mutations);
            if (prepare.drop() && retained.refuse(group, List.of(), true, nowMs) == null) {
                byte[] when = java.nio.ByteBuffer.allocate(8).putLong(timestamp).array();
                mutations.add(new Mutation(Space.META, DROPPED, 0, when));
            }
        }
        return new Applied(mutations, new Outcome(command, txn, record));
    }

    private static Mutation meta(TxnId txn, TxnRecord record) {
        return new Mutation(Space.META, TxnRecord.key(txn), 0, record.encode());
    }

    private void rows(long group, List<Command.Put> puts, long version, List<Mutation> to) {
        long nowMs = HybridClock.millis(version);
        for (Command.Put put : puts) {
            Command.Put settled = Part.settled(put, nowMs);
            to.add(new Mutation(Space.ROWS, settled.key(), version, settled.value()));
        }
        retained.remember(group, to);
    }
}
