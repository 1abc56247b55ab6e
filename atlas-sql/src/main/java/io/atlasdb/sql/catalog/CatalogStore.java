package io.atlasdb.sql.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.Guard;
import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.Limits;
import io.atlasdb.sql.store.Placement;
import io.atlasdb.sql.store.RowIterator;
import io.atlasdb.sql.store.Snapshot;
import io.atlasdb.sql.store.Store;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where the catalog stands in the store, how it is read and how it is changed.
 *
 * <pre>
 *   group 0:  10                         8 bytes, the version of the catalog
 *             11                         8 bytes, the next table id
 *             12 | schema                empty
 *             13 | schema | 00 | table   8 bytes each: table id, group, version of the table
 *             14, 15                     groups of tables and placements, see {@link TableGroups}
 *             1F                         text; while a backup is being restored, and no schema changes
 *   group of the table:                  its descriptor, see {@link GroupKeys}
 * </pre>
 *
 * <p>Every change writes the catalog's version, so two of them never commit side by side, and one version number means one
 * content. Catalogs are cached by it; loading a new one reads the names and only those descriptors whose version changed.
 * Changes are made through a {@link KeyAccess}, that is in a transaction of the caller. Safe for several threads.
 */
public final class CatalogStore {
    /** The schema of tables whose statement names none. */
    public static final String PUBLIC = "PUBLIC";
    /** Schemas whose tables are made by the system. */
    public static final Set<String> VIRTUAL_SCHEMAS = Set.of("INFORMATION_SCHEMA", "ATLAS");

    private static final Set<String> BUILT_IN = Set.of(PUBLIC, KeyTables.SCHEMA, "INFORMATION_SCHEMA", "ATLAS");
    private static final byte[] VERSION = SystemKeys.version();
    private static final byte[] NEXT_ID = SystemKeys.nextId();
    private static final byte SCHEMAS = 0x12;
    private static final byte TABLES = 0x13;
    /** Table ids are group ids as well; those below are kept free for groups of the system. */
    private static final long FIRST_ID = 16;

    private static final int CACHED_MAX = 8;

    private final Map<Long, Catalog> cache = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Catalog> eldest) {
            return size() > CACHED_MAX;
        }
    };

    private volatile @Nullable Catalog latest;

    /** What a name stands for. */
    private record Entry(long id, long group, long version) {}

    /** Reads the descriptor of a table at the state that is being looked at. */
    private interface Getter {
        byte @Nullable [] get(Entry entry);
    }

    /** Reads a range at that state. */
    private interface Scanner {
        RowIterator scan(KeyRange range);
    }

    /**
     * Whether a snapshot sees a table in the version that a catalog shows. Only to be asked when the catalog may be older than
     * the snapshot.
     */
    public static boolean isCurrent(Table table, Snapshot snapshot) {
        byte[] descriptor = snapshot.get(table.group(), GroupKeys.descriptor(table.id()));
        return descriptor != null && number(descriptor, 0) == table.version();
    }

    /** Whether rights may stand on a table now, by what stands at its descriptor's key and by an older version of it. */
    public static boolean isProtected(Table table, byte @Nullable [] descriptor) {
        if (descriptor == null || number(descriptor, 0) == table.version()) {
            return table.isProtected();
        }
        return TableFormat.read(descriptor).isProtected();
    }

    /** The catalog that a snapshot sees, or an older one, see {@link Snapshot#schemas}. */
    public Catalog at(Snapshot snapshot) {
        Snapshot schemas = snapshot.schemas();
        long version = number(schemas.get(Store.SYSTEM_GROUP, VERSION), 0);
        Catalog known = latest;
        if (known != null && known.version() == version) {
            return known;
        }
        synchronized (cache) {
            Catalog cached = cache.get(version);
            if (cached == null) {
                cached = load(
                        version,
                        entry -> {
                            byte[] local = schemas.get(entry.group(), GroupKeys.descriptor(entry.id()));
                            return local != null && number(local, 0) == entry.version()
                                    ? local
                                    : snapshot.get(entry.group(), GroupKeys.descriptor(entry.id()));
                        },
                        range -> schemas.scan(range, false));
                cache.put(version, cached);
            }
            if (known == null || known.version() < version) {
                latest = cached;
            }
            return cached;
        }
    }

    /** The catalog that a transaction sees which has changed it; read anew each time. */
    public Catalog within(KeyAccess keys) {
        long version = number(keys.check(Store.SYSTEM_GROUP, VERSION), 0);
        synchronized (cache) {
            return load(version, entry -> keys.check(entry.group(), GroupKeys.descriptor(entry.id())), keys::check);
        }
    }

    /**
     * The table that a descriptor describes.
     *
     * @throws io.atlasdb.proto.AtlasException {@code CORRUPT}
     */
    public static Table table(byte[] descriptor) {
        return TableFormat.read(descriptor);
    }

    /** The condition that a table still has this version; every commit that wrote rows of it needs one. */
    public static Guard guard(Table table) {
        return new Guard(table.group(), GroupKeys.descriptor(table.id()), table.version(), table.qualifiedName());
    }

    /** A number for a new table, also usable for its group; never given out twice. */
    public long newId(KeyAccess keys) {
        long id = number(keys.check(Store.SYSTEM_GROUP, NEXT_ID), FIRST_ID);
        keys.put(Store.SYSTEM_GROUP, NEXT_ID, bytes(id + 1));
        return id;
    }

    /**
     * Adds a schema.
     *
     * @throws io.atlasdb.proto.AtlasException {@code SCHEMA_EXISTS}, {@code LIMIT} for a name that is too long
     */
    public void createSchema(KeyAccess keys, String name) {
        requireName(name);
        if (schemaExists(keys, name)) {
            throw ErrorCode.SCHEMA_EXISTS.error(name);
        }
        keys.put(Store.SYSTEM_GROUP, schemaKey(name), new byte[0]);
        bump(keys);
    }

    /**
     * Removes a schema that has no tables.
     *
     * @throws io.atlasdb.proto.AtlasException {@code NO_SUCH_SCHEMA}, {@code DEPENDENT_OBJECTS}, {@code INVALID_DEFINITION}
     */
    public void dropSchema(KeyAccess keys, String name) {
        if (BUILT_IN.contains(name)) {
            throw ErrorCode.INVALID_DEFINITION.error("schema " + name + " belongs to the system and cannot be dropped");
        }
        if (!schemaExists(keys, name)) {
            throw ErrorCode.NO_SUCH_SCHEMA.error(name, "");
        }
        byte[] prefix = tableKey(name, "");
        try (RowIterator tables = keys.check(KeyRange.prefix(Store.SYSTEM_GROUP, prefix))) {
            if (tables.next()) {
                String table = new String(tables.key(), prefix.length, tables.key().length - prefix.length, UTF_8);
                throw ErrorCode.DEPENDENT_OBJECTS.error("schema " + name, "table " + table);
            }
        }
        keys.delete(Store.SYSTEM_GROUP, schemaKey(name));
        bump(keys);
    }

    /**
     * Adds a group that tables can be placed in; it begins at once.
     *
     * @throws io.atlasdb.proto.AtlasException {@code GROUP_EXISTS}, {@code LIMIT} for a name that is too long
     */
    public void createGroup(KeyAccess keys, String name, Placement placement) {
        requireName(name);
        if (TableGroups.find(keys, name) != null) {
            throw ErrorCode.GROUP_EXISTS.error(name);
        }
        TableGroup group = new TableGroup(name, newId(keys));
        TableGroups.put(keys, group);
        place(keys, group.id(), placement);
    }

    /**
     * Removes a group that holds no tables.
     *
     * @throws io.atlasdb.proto.AtlasException {@code NO_SUCH_GROUP}, {@code DEPENDENT_OBJECTS}
     */
    public void dropGroup(KeyAccess keys, TableGroup group) {
        if (!group.equals(TableGroups.find(keys, group.name()))) {
            throw ErrorCode.NO_SUCH_GROUP.error(group.name(), "");
        }
        try (RowIterator tables = keys.check(space(TABLES))) {
            while (tables.next()) {
                if (entry(tables.value()).group() == group.id()) {
                    String table = new String(tables.key(), 1, tables.key().length - 1, UTF_8).replace('\0', '.');
                    throw ErrorCode.DEPENDENT_OBJECTS.error("group " + group.name(), "table " + table);
                }
            }
        }
        TableGroups.remove(keys, group);
        bump(keys);
    }

    /** Sets where a group may live: before its first write, or its owner policy at any time. */
    public void place(KeyAccess keys, long group, Placement placement) {
        TableGroups.place(keys, group, placement);
        bump(keys);
    }

    /**
     * Stores a new table (version 1) or the next version of a table (its stored version plus 1; same id, group and name).
     *
     * @throws io.atlasdb.proto.AtlasException {@code TABLE_EXISTS}, {@code NO_SUCH_SCHEMA}, {@code LIMIT}, {@code
     *     SCHEMA_CHANGED} when another version is stored than the one that this one follows
     */
    public void putTable(KeyAccess keys, Table table) {
        Entry stored = entry(keys, table.schema(), table.name());
        if (table.version() == 1) {
            requireNew(keys, table, stored);
        } else if (stored == null || stored.id() != table.id() || stored.version() != table.version() - 1) {
            throw ErrorCode.SCHEMA_CHANGED.error(table.qualifiedName());
        }
        write(keys, table);
    }

    /** Gives a table another name or schema; returns its next version, which is stored. Errors as {@link #putTable}. */
    public Table rename(KeyAccess keys, Table table, String schema, String name) {
        requireStored(keys, table);
        Table renamed = new Table(
                table.id(),
                table.group(),
                schema,
                name,
                table.version() + 1,
                table.columns(),
                table.primaryKey(),
                table.primaryKeyName(),
                table.indexes(),
                table.checks(),
                table.nextId(),
                table.options());
        requireNew(keys, renamed, entry(keys, schema, name));
        keys.delete(Store.SYSTEM_GROUP, tableKey(table.schema(), table.name()));
        write(keys, renamed);
        return renamed;
    }

    /**
     * Removes a table with its rows. Its group ends with it, unless other tables stand there as well.
     *
     * @throws io.atlasdb.proto.AtlasException {@code SCHEMA_CHANGED} when another version is stored
     */
    public void dropTable(KeyAccess keys, Table table) {
        requireStored(keys, table);
        keys.delete(Store.SYSTEM_GROUP, tableKey(table.schema(), table.name()));
        if (!table.isGrouped() && isAlone(keys, table.group())) {
            keys.drop(table.group());
            TableGroups.place(keys, table.group(), Placement.DEFAULT);
        } else {
            keys.delete(table.group(), GroupKeys.descriptor(table.id()));
            for (Column column : table.columns()) {
                keys.delete(table.group(), GroupKeys.sequence(table.id(), column.id()));
            }
            deleteAll(keys, KeyRange.prefix(table.group(), GroupKeys.data(table.id())));
            deleteAll(keys, KeyRange.prefix(table.group(), GroupKeys.accesses(table.id())));
        }
        bump(keys);
    }

    private static void deleteAll(KeyAccess keys, KeyRange range) {
        try (RowIterator rows = keys.check(range)) {
            while (rows.next()) {
                keys.delete(range.group(), rows.key());
            }
        }
    }

    private static boolean isAlone(KeyAccess keys, long group) {
        try (RowIterator tables = keys.check(space(TABLES))) {
            while (tables.next()) {
                if (entry(tables.value()).group() == group) {
                    return false;
                }
            }
        }
        return true;
    }

    private void requireNew(KeyAccess keys, Table table, @Nullable Entry stored) {
        requireName(table.name());
        if (stored != null) {
            throw ErrorCode.TABLE_EXISTS.error(table.qualifiedName());
        }
        if (VIRTUAL_SCHEMAS.contains(table.schema())) {
            throw ErrorCode.INVALID_DEFINITION.error("schema " + table.schema() + " takes no tables");
        }
        if (!schemaExists(keys, table.schema())) {
            throw ErrorCode.NO_SUCH_SCHEMA.error(table.schema(), "");
        }
        int count = 0;
        try (RowIterator tables = keys.check(space(TABLES))) {
            while (tables.next()) {
                count++;
            }
        }
        require("the number of tables", count + 1, Limits.TABLES_MAX);
    }

    private void write(KeyAccess keys, Table table) {
        require(
                "the number of columns of " + table.qualifiedName(),
                table.columns().size(),
                Limits.COLUMNS_MAX);
        byte[] descriptor = TableFormat.write(table);
        require("the definition of " + table.qualifiedName(), descriptor.length, Limits.ROW_BYTES_MAX);
        byte[] entry = ByteBuffer.allocate(3 * Long.BYTES)
                .putLong(table.id())
                .putLong(table.group())
                .putLong(table.version())
                .array();
        keys.put(Store.SYSTEM_GROUP, tableKey(table.schema(), table.name()), entry);
        keys.put(table.group(), GroupKeys.descriptor(table.id()), descriptor);
        bump(keys);
    }

    /** The read leaves a range, so that no change commits beside the beginning of a restore. */
    private static void requireNoRestore(KeyAccess keys) {
        byte[] mark = keys.check(Store.SYSTEM_GROUP, SystemKeys.restoring());
        if (mark != null) {
            throw ErrorCode.RESTORING.error("begun as " + new String(mark, UTF_8));
        }
    }

    private static void requireStored(KeyAccess keys, Table table) {
        Entry stored = entry(keys, table.schema(), table.name());
        if (stored == null || stored.id() != table.id() || stored.version() != table.version()) {
            throw ErrorCode.SCHEMA_CHANGED.error(table.qualifiedName());
        }
    }

    private static void requireName(String name) {
        if (name.isEmpty() || name.indexOf('\0') >= 0) {
            throw ErrorCode.INVALID_DEFINITION.error("a name must not be empty nor hold a zero character");
        }
        require(
                "the name " + name.substring(0, Math.min(20, name.length())),
                name.length(),
                Limits.NAME_CHARACTERS_MAX);
    }

    private static void require(String what, int count, int max) {
        if (count > max) {
            throw ErrorCode.LIMIT.error(what, count, max);
        }
    }

    private static boolean schemaExists(KeyAccess keys, String name) {
        return BUILT_IN.contains(name) || keys.check(Store.SYSTEM_GROUP, schemaKey(name)) != null;
    }

    private static void bump(KeyAccess keys) {
        requireNoRestore(keys);
        long version = number(keys.check(Store.SYSTEM_GROUP, VERSION), 0);
        keys.put(Store.SYSTEM_GROUP, VERSION, bytes(version + 1));
    }

    private Catalog load(long version, Getter getter, Scanner scanner) {
        Map<String, Map<String, Table>> schemas = new TreeMap<>();
        BUILT_IN.forEach(name -> schemas.put(name, new TreeMap<>()));
        try (RowIterator schemaKeys = scanner.scan(space(SCHEMAS))) {
            while (schemaKeys.next()) {
                schemas.put(new String(schemaKeys.key(), 1, schemaKeys.key().length - 1, UTF_8), new TreeMap<>());
            }
        }
        Map<Long, Table> known = known();
        try (RowIterator tableKeys = scanner.scan(space(TABLES))) {
            while (tableKeys.next()) {
                Entry entry = entry(tableKeys.value());
                Table table = known.get(entry.id());
                if (table == null || table.version() != entry.version()) {
                    table = read(getter, entry);
                }
                schemas.computeIfAbsent(table.schema(), s -> new TreeMap<>()).put(table.name(), table);
            }
        }
        schemas.replaceAll((name, tables) -> Map.copyOf(tables));
        return new Catalog(
                version,
                Map.copyOf(schemas),
                Map.copyOf(TableGroups.read(scanner.scan(TableGroups.names()))),
                Map.copyOf(TableGroups.readPlacements(scanner.scan(Placement.all()))));
    }

    private static Table read(Getter getter, Entry entry) {
        byte[] descriptor = getter.get(entry);
        if (descriptor == null) {
            throw ErrorCode.CORRUPT.error("table " + entry.id() + " has a name and no schema");
        }
        return TableFormat.read(descriptor);
    }

    /** Tables of the newest catalog that was loaded, by id. */
    private Map<Long, Table> known() {
        Map<Long, Table> known = new HashMap<>();
        Catalog catalog = latest;
        if (catalog != null) {
            catalog.schemas()
                    .values()
                    .forEach(tables -> tables.values().forEach(table -> known.put(table.id(), table)));
        }
        return known;
    }

    private static @Nullable Entry entry(KeyAccess keys, String schema, String name) {
        byte[] value = keys.check(Store.SYSTEM_GROUP, tableKey(schema, name));
        return value == null ? null : entry(value);
    }

    private static Entry entry(byte[] value) {
        if (value.length != 3 * Long.BYTES) {
            throw ErrorCode.CORRUPT.error("a table's name has " + value.length + " bytes");
        }
        ByteBuffer buffer = ByteBuffer.wrap(value);
        return new Entry(buffer.getLong(), buffer.getLong(), buffer.getLong());
    }

    private static KeyRange space(byte space) {
        return KeyRange.prefix(Store.SYSTEM_GROUP, new byte[] {space});
    }

    private static byte[] schemaKey(String name) {
        return concat(SCHEMAS, name);
    }

    private static byte[] tableKey(String schema, String name) {
        return concat(TABLES, String.join("\0", List.of(schema, name)));
    }

    private static byte[] concat(byte space, String text) {
        byte[] utf8 = text.getBytes(UTF_8);
        return ByteBuffer.allocate(1 + utf8.length).put(space).put(utf8).array();
    }

    private static long number(byte @Nullable [] value, long otherwise) {
        return value == null ? otherwise : ByteBuffer.wrap(value).getLong();
    }

    private static byte[] bytes(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }
}
