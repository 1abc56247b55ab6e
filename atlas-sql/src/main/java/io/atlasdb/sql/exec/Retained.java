package io.atlasdb.sql.exec;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.sql.catalog.RetainPeriod;
import io.atlasdb.sql.codec.RetentionRule;
import io.atlasdb.sql.codec.TableCodec;
import io.atlasdb.sql.store.Retention;
import io.atlasdb.sql.tx.Transaction;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a statement may do to retained rows of a table, by the time of the transaction's snapshot. This is here for the message at the
 * statement rather than at its commit; the owner of the table and every replica decide for themselves, by the time of the commit.
 */
final class Retained {
    private final TableCodec codec;
    private final Transaction transaction;
    private final RetainPeriod period;
    private final long group;
    private final int position;
    /** Of rows that this transaction itself wrote and now changes: until when they are retained is known at the commit only. */
    private final IdentityHashMap<@Nullable Object[], Retention> pending = new IdentityHashMap<>();

    Retained(TableRuntime table, Transaction transaction) {
        this.transaction = transaction;
        codec = table.codec();
        group = table.table().group();
        position = table.table().retentionPosition();
        period = position < 0 ? RetainPeriod.NONE : table.table().retainPeriod();
    }

    /** Whether one of the columns that a statement sets says until when its rows are retained. */
    boolean isSet(int[] set) {
        return Arrays.stream(set).anyMatch(one -> one == position) && position >= 0;
    }

    /** Until when a new row is retained: the table's period, or what the row itself says when that is later. */
    Retention ofNew(@Nullable Object[] row) {
        return period.with(codec.retention(row));
    }

    /** Refuses to replace or remove a retained row. */
    void requireFree(@Nullable Object[] row) {
        if (isRetained(row)) {
            throw refusal(row);
        }
    }

    /** Refuses an UPDATE of a retained row, unless it does nothing but retain it longer. */
    void leave(@Nullable Object[] before, @Nullable Object[] after) {
        if (position < 0) {
            return;
        }
        if (!isRetained(before)) {
            byte[] own = transaction.written(group, codec.rowKey(before));
            if (own != null && Retention.isPending(own)) {
                pending.put(before, Retention.of(own));
            }
            return;
        }
        if (codec.retention(after).untilMs() < codec.retention(before).untilMs()) {
            throw refusal(before);
        }
        for (int i = 0; i < after.length; i++) {
            if (i != position && !Objects.deepEquals(before[i], after[i])) {
                throw refusal(before);
            }
        }
    }

    /** Until when a row is retained after an UPDATE. */
    Retention take(@Nullable Object[] before, @Nullable Object[] after) {
        Retention said = codec.retention(after);
        Retention own = pending.get(before);
        return own == null ? said : own.atLeast(said.untilMs());
    }

    /**
     * The stored body of a retained row, which must stay as it is byte by byte although the table may have columns by now that it does
     * not hold; null when the row may change.
     */
    byte @Nullable [] body(@Nullable Object[] before, byte[] key) {
        byte[] stored = isRetained(before) ? transaction.check(group, key) : null;
        return stored == null ? null : Retention.body(stored);
    }

    private boolean isRetained(@Nullable Object[] row) {
        return position >= 0
                && row[position] != null
                && codec.retention(row).untilMs()
                        > Retention.millis(transaction.snapshot().timestamp());
    }

    private AtlasException refusal(@Nullable Object[] row) {
        return RetentionRule.error(
                codec.describe(codec.rowKey(row)), codec.retention(row).untilMs());
    }
}
