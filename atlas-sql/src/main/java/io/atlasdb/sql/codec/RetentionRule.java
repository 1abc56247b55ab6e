package io.atlasdb.sql.codec;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.CatalogStore;
import io.atlasdb.sql.catalog.GroupKeys;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.store.Retention;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Which writes a store refuses because of retained records: the same rule at the owner, which asks it of everything that is on its
 * way, and at every replica, which asks it of what is applied. A pure function of the state and the time, and it never throws on
 * data.
 *
 * <p>While a record of a table is retained, its row and index entries stay as they are, or are retained longer; the table's descriptor
 * stays as well, with every column under its name, since a dropped column loses a part of the record and an exchanged name says
 * something else of it; and so does the group.
 */
public final class RetentionRule {
    private static final byte DESCRIPTOR = GroupKeys.descriptor(0)[0];

    private final State state;

    /** What a group holds. */
    public interface State {
        /** The value of a key, or null. */
        byte @Nullable [] value(byte[] key);

        /**
         * Until when a record of a table is retained at the latest, milliseconds since 1970; {@code Long.MIN_VALUE} when none
         * ever was. The table is named as {@link Retention#table} has it.
         */
        long lastUntilMs(byte[] table);
    }

    public RetentionRule(State state) {
        this.state = state;
    }

    /**
     * Why a write must not take effect at a time; null when it may.
     *
     * @param value the new value, its period settled; null removes the key
     */
    public @Nullable AtlasException refuse(byte[] key, byte @Nullable [] value, long nowMs) {
        boolean row = Retention.isRow(key);
        if ((!row && !isDescriptor(key)) || state.lastUntilMs(Retention.table(key)) <= nowMs) {
            return null;
        }
        byte[] present = state.value(key);
        if (present == null) {
            return null;
        }
        if (!row) {
            return value != null && keepsRecords(present, value) ? null : refuseTable(key, nowMs);
        }
        if (!Retention.holds(present, nowMs) || (value != null && Retention.extendsBy(present, value))) {
            return null;
        }
        return error(rowName(key), Retention.of(present).untilMs());
    }

    /** Why the table whose number a key holds must not go at a time; null when it may. */
    public @Nullable AtlasException refuseTable(byte[] key, long nowMs) {
        long untilMs = state.lastUntilMs(Retention.table(key));
        if (untilMs <= nowMs) {
            return null;
        }
        Table table = table(key);
        return error(table == null ? "table " + hex(key) : "a row of table " + table.qualifiedName(), untilMs);
    }

    /** The error for something that is retained. */
    public static AtlasException error(String what, long untilMs) {
        return ErrorCode.RETAINED.error(what, Instant.ofEpochMilli(Math.min(untilMs, Retention.UNTIL_MS_MAX)));
    }

    private static boolean isDescriptor(byte[] key) {
        return key.length > 1 && key[0] == DESCRIPTOR;
    }

    private static boolean keepsRecords(byte[] before, byte[] after) {
        try {
            return Arrays.equals(before, after) || CatalogStore.table(after).keepsRecordsOf(CatalogStore.table(before));
        } catch (RuntimeException e) {
            return false; // what is not a descriptor keeps nothing
        }
    }

    private String rowName(byte[] key) {
        Table table = table(key);
        try {
            return table == null ? "the row at " + hex(key) : new TableCodec(table).describe(key);
        } catch (RuntimeException e) {
            return "the row at " + hex(key); // a damaged key is still a key
        }
    }

    /** The table whose number stands in a key; null when it cannot be read. */
    private @Nullable Table table(byte[] key) {
        byte[] number = Retention.table(key);
        byte[] descriptor = new byte[1 + number.length];
        descriptor[0] = DESCRIPTOR;
        System.arraycopy(number, 0, descriptor, 1, number.length);
        try {
            byte[] stored = state.value(descriptor);
            return stored == null ? null : CatalogStore.table(stored);
        } catch (RuntimeException e) {
            return null; // only the name in a message hangs on it
        }
    }

    private static String hex(byte[] key) {
        return HexFormat.of().formatHex(key, 0, Math.min(64, key.length));
    }
}
