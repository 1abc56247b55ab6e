package io.atlasdb.sql.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.Placement;
import io.atlasdb.sql.store.RowIterator;
import io.atlasdb.sql.store.Store;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where the groups of tables and the placements of all groups stand in group 0.
 *
 * <pre>
 *   14 | name           8 bytes: the number of the group
 *   15 | group          see {@link Placement}
 * </pre>
 */
final class TableGroups {
    private static final byte GROUPS = 0x14;

    private TableGroups() {}

    /** The keys of all groups of tables. */
    static KeyRange names() {
        return KeyRange.prefix(Store.SYSTEM_GROUP, new byte[] {GROUPS});
    }

    /** The groups by name; closes the rows. */
    static Map<String, TableGroup> read(RowIterator rows) {
        Map<String, TableGroup> groups = new TreeMap<>();
        try (rows) {
            while (rows.next()) {
                String name = new String(rows.key(), 1, rows.key().length - 1, UTF_8);
                groups.put(name, new TableGroup(name, number(rows.value())));
            }
        }
        return groups;
    }

    /** The placements by group; closes the rows. */
    static Map<Long, Placement> readPlacements(RowIterator rows) {
        Map<Long, Placement> placements = new TreeMap<>();
        try (rows) {
            while (rows.next()) {
                placements.put(Placement.group(rows.key()), Placement.decode(rows.value()));
            }
        }
        return placements;
    }

    static @Nullable TableGroup find(KeyAccess keys, String name) {
        byte[] value = keys.check(Store.SYSTEM_GROUP, key(name));
        return value == null ? null : new TableGroup(name, number(value));
    }

    /** The group begins at once, with a key that holds its name. */
    static void put(KeyAccess keys, TableGroup group) {
        keys.put(Store.SYSTEM_GROUP, key(group.name()), bytes(group.id()));
        keys.put(group.id(), GroupKeys.group(), group.name().getBytes(UTF_8));
    }

    static void remove(KeyAccess keys, TableGroup group) {
        keys.delete(Store.SYSTEM_GROUP, key(group.name()));
        place(keys, group.id(), Placement.DEFAULT);
        keys.drop(group.id());
    }

    /** Sets where a group may live. */
    static void place(KeyAccess keys, long group, Placement placement) {
        byte[] key = Placement.key(group);
        if (!placement.equals(Placement.DEFAULT)) {
            keys.put(Store.SYSTEM_GROUP, key, placement.encode());
        } else if (keys.check(Store.SYSTEM_GROUP, key) != null) {
            keys.delete(Store.SYSTEM_GROUP, key);
        }
    }

    private static byte[] key(String name) {
        byte[] utf8 = name.getBytes(UTF_8);
        return ByteBuffer.allocate(1 + utf8.length).put(GROUPS).put(utf8).array();
    }

    private static long number(byte[] value) {
        if (value.length != Long.BYTES) {
            throw ErrorCode.CORRUPT.error("a group's name has " + value.length + " bytes");
        }
        return ByteBuffer.wrap(value).getLong();
    }

    private static byte[] bytes(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }
}
