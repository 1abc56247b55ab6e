package io.atlasdb.node.kv;

import io.atlasdb.sql.store.KeyRange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The payload of an entry. Of the entries of one transaction in one group the first of {PREPARE, STAGING, TOMBSTONE} counts,
 * later ones do nothing; in the coordinator group likewise the first of {COMMIT, ABORT}.
 */
sealed interface Command {
    /** A key and its new value in this group; null removes it. */
    @SuppressWarnings("ArrayRecordComponent")
    record Put(byte[] key, byte @Nullable [] value) {}

    /**
     * A whole transaction of one group. Versions carry the timestamp of the entry.
     *
     * @param request names the request of another node that asked for it: the first entry with that name counts
     */
    record Write(@Nullable TxnId request, List<Put> puts) implements Command {}

    /**
     * The part of one group in a transaction over several. Until resolution its keys are locked and its ranges barred to
     * writers.
     *
     * @param coordinator the group that holds the record of the transaction; the entry in that group is the STAGING
     * @param participants all groups of the transaction, ascending; in STAGING only, else empty
     * @param drop whether the group ends when the transaction commits
     */
    record Prepare(
            TxnId txn, long coordinator, List<Long> participants, List<KeyRange> ranges, List<Put> puts, boolean drop)
            implements Command {
        /** The same with other writes. */
        Prepare withPuts(List<Put> other) {
            return new Prepare(txn, coordinator, participants, ranges, other, drop);
        }
    }

    /** Bars a PREPARE or STAGING of this transaction that has not come. */
    record Tombstone(TxnId txn) implements Command {}

    /** The decision, in the coordinator group, which also resolves the coordinator's own part. */
    record Decide(TxnId txn, boolean commit, long timestamp) implements Command {}

    /** The decision, brought to another participant. */
    record Resolve(TxnId txn, boolean commit, long timestamp) implements Command {}

    /** Removes records of transactions that nobody can ask for any more. */
    record Forget(List<TxnId> txns) implements Command {}
}
