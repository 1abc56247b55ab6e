package io.atlasdb.node.kv;

import io.atlasdb.node.clock.HybridClock;
import io.atlasdb.node.replica.Replica;
import io.atlasdb.node.replica.StateMachine;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.Commit;
import io.atlasdb.sql.store.Guard;
import io.atlasdb.sql.store.KeyRange;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Whether a transaction still holds in one group: on the tail view, which is what is applied and what is on its way. Made anew
 * for each time that the group is owned. On the group's thread.
 */
final class Validator {
    /** How long writes are remembered for transactions of other nodes, whose snapshots are not known here, milliseconds. */
    private static final long REMEMBERED_MS = 30_000;

    private final Replica replica;
    private final StateMachine machine;
    private final RecentWrites recent;
    /** Schema versions as the tail view has them, by the key that holds them. */
    private final TreeMap<byte[], Long> versions = new TreeMap<>(Arrays::compareUnsigned);

    private final RetainedTail retained;

    boolean dropped;

    /** Every version above {@code knownFrom} will be told by {@link #wrote} and {@link #resolved}. */
    Validator(Replica replica, StateMachine machine, long knownFrom) {
        this.replica = replica;
        this.machine = machine;
        this.recent = new RecentWrites(knownFrom);
        this.retained = new RetainedTail(replica, machine);
    }

    /**
     * Why a transaction that read at a timestamp must not commit; null when it may.
     *
     * @param part settled
     * @param nowMs what retention is judged by: the wall clock of this node, which others cannot move
     */
    @Nullable
    AtlasException validate(long timestamp, Part part, long nowMs) {
        for (Guard guard : part.guards) {
            if (version(guard.key()) != guard.version()) {
                return ErrorCode.SCHEMA_CHANGED.error(guard.what());
            }
        }
        if (dropped) {
            return ErrorCode.SERIALIZATION.error("a table was dropped meanwhile");
        }
        AtlasException refusal = retained.refuse(part, nowMs);
        if (refusal == null) {
            refusal = LargeWrites.refusal(part, replica.configuration());
        }
        if (refusal != null || timestamp == Commit.BLIND) {
            return refusal;
        }
        if (!isUnchanged(timestamp, part.ranges)) {
            return ErrorCode.SERIALIZATION.error("what it read was changed meanwhile");
        }
        for (Command.Put put : part.puts) {
            if (isNewer(put.key(), timestamp)) {
                return ErrorCode.SERIALIZATION.error("what it wrote was changed meanwhile");
            }
        }
        return null;
    }

    /** Whether no version above a timestamp lies in the ranges. */
    boolean isUnchanged(long timestamp, List<KeyRange> ranges) {
        for (KeyRange range : ranges) {
            if (isNewer(range, timestamp)) {
                return false;
            }
        }
        return true;
    }

    /** A transaction wrote, at a timestamp. */
    void wrote(List<Command.Put> puts, long timestamp, long oldestSnapshot) {
        boolean alone = replica.configuration() == null
                || replica.configuration().members().size() == 1;
        long kept = HybridClock.of(Math.max(0, HybridClock.millis(timestamp) - REMEMBERED_MS));
        long oldest = alone ? oldestSnapshot : Math.min(oldestSnapshot, kept);
        recent.forgetBelow(oldest, replica.applied().timestamp());
        for (Command.Put put : puts) {
            recent.add(put.key(), timestamp);
            versions.remove(put.key());
        }
        retained.wrote(puts, timestamp);
    }

    /** A prepared transaction was decided. */
    void resolved(List<Command.Put> puts, TxnRecord record) {
        for (Command.Put put : puts) {
            versions.remove(put.key());
            if (record.state() == TxnRecord.State.COMMITTED) {
                recent.add(put.key(), record.timestamp());
            }
        }
        if (record.state() == TxnRecord.State.COMMITTED) {
            retained.wrote(puts, 0);
        }
    }

    private boolean isNewer(byte[] key, long timestamp) {
        return recent.newest(key) > timestamp
                || (timestamp < recent.knownFrom() && machine.newestVersion(replica.group(), key) > timestamp);
    }

    private boolean isNewer(KeyRange range, long timestamp) {
        if (recent.isNewer(range, timestamp)) {
            return true;
        }
        if (timestamp >= recent.knownFrom()) {
            return false;
        }
        boolean isPoint = range.to().length == range.from().length + 1
                && range.to()[range.from().length] == 0
                && Arrays.mismatch(range.from(), range.to()) == range.from().length;
        // A range so old that not every newer write is remembered: refused, since a wrong no would cost consistency.
        return !isPoint || machine.newestVersion(replica.group(), range.from()) > timestamp;
    }

    /** The schema version at a key: 0 when there is none, -1 while a change of it is in flight. */
    private long version(byte[] key) {
        Long known = versions.get(key);
        if (known == null) {
            if (recent.newest(key) > replica.applied().timestamp()) {
                return -1;
            }
            byte[] value = machine.get(replica.group(), key, Long.MAX_VALUE);
            known = value == null || value.length < Long.BYTES
                    ? 0
                    : ByteBuffer.wrap(value).getLong();
            versions.put(key, known);
        }
        return known;
    }
}
