package io.atlasdb.node.kv;

import io.atlasdb.node.consensus.Entry;
import io.atlasdb.node.replica.Applier;
import io.atlasdb.node.replica.Mutation;
import io.atlasdb.node.replica.Mutation.Space;
import io.atlasdb.node.replica.StateMachine;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What commands do to the state of a group: the same at every replica, by nothing but the state and the entry. */
final class KvApplier implements Applier {
    /** META key of the mark that the group ended; its value is the commit timestamp of the drop. */
    static final byte[] DROPPED = {'D'};

    private final StateMachine machine;
    private final Listener listener;

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
     */
    record Outcome(
            Command command, @Nullable TxnId txn, @Nullable TxnRecord record, long timestamp) {
        Outcome(Command command, @Nullable TxnId txn, @Nullable TxnRecord record) {
            this(command, txn, record, 0);
        }
    }

    KvApplier(StateMachine machine, Listener listener) {
        this.machine = machine;
        this.listener = listener;
    }

    @Override
    public Applied apply(long group, Entry entry) {
        Command command = CommandCodec.decode(group, entry.payload());
        if (command instanceof Command.Write write) {
            return write(group, write, entry.timestamp());
        }
        if (command instanceof Command.Prepare prepare) {
            return first(group, command, prepare.txn(), TxnRecord.prepared(entry.timestamp(), entry.payload()));
        }
        if (command instanceof Command.Tombstone tombstone) {
            TxnRecord record = TxnRecord.ended(TxnRecord.State.TOMBSTONE, entry.timestamp());
            return first(group, command, tombstone.txn(), record);
        }
        if (command instanceof Command.Decide decide) {
            return end(group, command, decide.txn(), decide.commit(), decide.timestamp());
        }
        if (command instanceof Command.Resolve resolve) {
            return end(group, command, resolve.txn(), resolve.commit(), resolve.timestamp());
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

    private Applied write(long group, Command.Write write, long timestamp) {
        List<Mutation> mutations = new ArrayList<>(write.puts().size() + 1);
        TxnId request = write.request();
        if (request != null) {
            byte[] key = Answered.key(request);
            byte[] known = machine.meta(group, key);
            if (known != null) {
                return new Applied(List.of(), new Outcome(write, null, null, Answered.timestamp(known)));
            }
            mutations.add(new Mutation(Space.META, key, 0, Answered.value(timestamp)));
            Answered.expired(machine, group, timestamp)
                    .forEach(old -> mutations.add(new Mutation(Space.META, old, 0, null)));
        }
        rows(write.puts(), timestamp, mutations);
        return new Applied(mutations, new Outcome(write, null, null, timestamp));
    }

    private Applied first(long group, Command command, TxnId txn, TxnRecord record) {
        TxnRecord before = record(group, txn);
        if (before != null) {
            return new Applied(List.of(), new Outcome(command, txn, before));
        }
        return new Applied(List.of(meta(txn, record)), new Outcome(command, txn, record));
    }

    private Applied end(long group, Command command, TxnId txn, boolean commit, long timestamp) {
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
            rows(prepare.puts(), timestamp, mutations);
            if (prepare.drop()) {
                byte[] when = java.nio.ByteBuffer.allocate(8).putLong(timestamp).array();
                mutations.add(new Mutation(Space.META, DROPPED, 0, when));
            }
        }
        return new Applied(mutations, new Outcome(command, txn, record));
    }

    private static Mutation meta(TxnId txn, TxnRecord record) {
        return new Mutation(Space.META, TxnRecord.key(txn), 0, record.encode());
    }

    private static void rows(List<Command.Put> puts, long version, List<Mutation> to) {
        for (Command.Put put : puts) {
            to.add(new Mutation(Space.ROWS, put.key(), version, put.value()));
        }
    }
}
