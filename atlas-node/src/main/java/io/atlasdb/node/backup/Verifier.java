package io.atlasdb.node.backup;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.CatalogStore;
import io.atlasdb.sql.catalog.GroupKeys;
import io.atlasdb.sql.catalog.Index;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.codec.IndexEntry;
import io.atlasdb.sql.codec.References;
import io.atlasdb.sql.codec.TableCodec;
import io.atlasdb.sql.store.LargeValue;
import io.atlasdb.sql.store.Store;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads a backup as a restore would, and says what is wrong with it: checksums of files and chunks, the order of keys, every row
 * decoded by its table's schema, counts. When asked to, it works out the index entries of all rows and compares them with those
 * that are there, by a sum of hashes, so that memory does not grow with the rows.
 */
public final class Verifier {
    private final BackupFolder folder;
    private final boolean deep;
    private final Map<Long, Checked> tables = new HashMap<>();
    private final SortedMap<Long, long[]> counts = new TreeMap<>();
    private long group = -1;
    /** Large values of the group that are whole. */
    private final Set<LargeValue> whole = new HashSet<>();

    private @Nullable LargeValue coming;
    private int nextPart;
    private long largeBytes;
    private byte @Nullable [] last;
    private long rows;

    /** A table whose descriptor was met. */
    private static final class Checked {
        final TableCodec codec;
        final Map<Integer, Index> indexes = new HashMap<>();
        /** By index: the sum of the hashes of the entries that rows ask for, less those that are there; and the counts. */
        final Map<Integer, long[]> balance = new HashMap<>();

        Checked(Table table) {
            codec = new TableCodec(table);
            for (Index index : table.indexes()) {
                indexes.put(index.id(), index);
                if (index.state() == Index.State.PUBLIC) {
                    balance.put(index.id(), new long[2]);
                }
            }
        }
    }

    /**
     * What was found in order.
     *
     * @param rows of tables, without index entries
     * @param entries everything, index entries and descriptors among them
     */
    public record Result(long tables, long rows, long entries, long files) {}

    public Verifier(BackupFolder folder, boolean deep) {
        this.folder = folder;
        this.deep = deep;
    }

    /**
     * Reads all of it.
     *
     * @throws io.atlasdb.proto.AtlasException {@code BACKUP_DAMAGED} or {@code CORRUPT} with what is wrong first
     */
    public Result run(BackupFolder.Progress progress) throws IOException {
        folder.forEach(chunk -> chunk(Chunk.decode(chunk)), progress);
        Set<Long> named = new TreeSet<>(folder.manifest().groups().keySet());
        counts.keySet().forEach(found -> {
            if (!named.contains(found)) {
                throw ErrorCode.BACKUP_DAMAGED.error("it holds group " + found + ", which its manifest does not list");
            }
        });
        folder.manifest().groups().forEach((number, stated) -> {
            long[] found = counts.getOrDefault(number, new long[2]);
            if (found[0] != stated.rows() || found[1] != stated.bytes()) {
                throw ErrorCode.BACKUP_DAMAGED.error("group " + number + " holds " + found[0] + " entries of "
                        + found[1] + " bytes, its manifest says " + stated.rows() + " of " + stated.bytes());
            }
        });
        if (largeBytes != folder.manifest().large().bytes()) {
            throw ErrorCode.BACKUP_DAMAGED.error("it holds " + largeBytes + " bytes of large values, its manifest says "
                    + folder.manifest().large().bytes());
        }
        long stated = folder.manifest().tables();
        if (tables.size() != stated) {
            throw ErrorCode.BACKUP_DAMAGED.error("it holds " + tables.size() + " tables of " + stated);
        }
        if (deep) {
            tables.values().forEach(Verifier::requireBalance);
        }
        return new Result(
                tables.size(),
                rows,
                counts.values().stream().mapToLong(one -> one[0]).sum(),
                folder.manifest().files().size());
    }

    private static void requireBalance(Checked checked) {
        checked.balance.forEach((index, balance) -> {
            if (balance[0] != 0 || balance[1] != 0) {
                Index of = checked.indexes.get(index);
                throw ErrorCode.BACKUP_DAMAGED.error("index " + (of == null ? index : of.name()) + " of table "
                        + checked.codec.table().qualifiedName() + " does not match its rows");
            }
        });
    }

    private void chunk(Chunk chunk) {
        if (chunk.kind() != Chunk.Kind.ROWS && chunk.kind() != Chunk.Kind.LARGE) {
            throw ErrorCode.BACKUP_DAMAGED.error("a chunk of kind " + chunk.kind() + " stands in a file");
        }
        if (chunk.group() != group) {
            if (counts.containsKey(chunk.group())) {
                throw ErrorCode.BACKUP_DAMAGED.error("group " + chunk.group() + " stands in two places");
            }
            group = chunk.group();
            last = null;
            whole.clear();
        }
        long[] count = counts.computeIfAbsent(group, any -> new long[2]);
        if (chunk.kind() == Chunk.Kind.LARGE) {
            part(LargePiece.decode(chunk.content()));
            return;
        }
        ChunkRows.forEach(chunk, (key, value) -> {
            byte[] before = last;
            if (before != null && Arrays.compareUnsigned(before, key) >= 0) {
                throw ErrorCode.BACKUP_DAMAGED.error("the keys of group " + group + " are not in order");
            }
            last = key;
            count[0]++;
            count[1] += key.length + value.length;
            requireLarge(key, value);
            if (group != Store.SYSTEM_GROUP || GroupKeys.parts(key).kind() != GroupKeys.Kind.OTHER) {
                entry(key, value);
            }
        });
    }

    private void requireLarge(byte[] key, byte[] value) {
        for (LargeValue large : References.of(key, value)) {
            if (!whole.contains(large)) {
                throw ErrorCode.BACKUP_DAMAGED.error(
                        "a row refers to the large value " + large + ", which is not there");
            }
        }
    }

    private void part(LargePiece piece) {
        boolean goesOn = piece.value().equals(coming) && piece.index() == nextPart;
        if (!goesOn && piece.index() != 0) {
            throw ErrorCode.BACKUP_DAMAGED.error("a part of the large value " + piece.value() + " is missing");
        }
        coming = piece.isLast() ? null : piece.value();
        nextPart = piece.index() + 1;
        largeBytes += piece.bytes().length;
        if (piece.isLast()) {
            whole.add(piece.value());
        }
    }

    private void entry(byte[] key, byte[] value) {
        GroupKeys.Parts parts = GroupKeys.parts(key);
        if (parts.kind() == GroupKeys.Kind.DESCRIPTOR) {
            Table table = CatalogStore.table(value);
            if (table.id() != parts.table() || table.group() != group) {
                throw ErrorCode.BACKUP_DAMAGED.error(
                        "the schema of table " + table.qualifiedName() + " stands elsewhere");
            }
            tables.put(table.id(), new Checked(table));
        } else if (parts.kind() == GroupKeys.Kind.ROW) {
            Checked checked = tables.get(parts.table());
            if (checked == null) {
                throw ErrorCode.BACKUP_DAMAGED.error("rows of table " + parts.table() + ", which has no schema");
            }
            if (parts.number() == 0) {
                row(checked, key, value);
            } else {
                indexEntry(checked, parts.number(), key, value);
            }
        }
    }

    private void row(Checked checked, byte[] key, byte[] value) {
        rows++;
        @Nullable Object[] row = checked.codec.decode(key, value);
        if (deep) {
            checked.balance.forEach((index, balance) -> {
                Index of = checked.indexes.get(index);
                if (of != null) {
                    IndexEntry entry = checked.codec.entry(of, row);
                    balance[0] += hash(entry.key(), checked.codec.rowKey(row));
                    balance[1]++;
                }
            });
        }
    }

    private void indexEntry(Checked checked, int number, byte[] key, byte[] value) {
        Index index = checked.indexes.get(number);
        if (index == null) {
            return; // of an index that was dropped, on its way to be cleared
        }
        checked.codec.decodeEntry(index, key, value);
        byte[] rowKey = checked.codec.rowKey(index, key, value);
        long[] balance = checked.balance.get(number);
        if (balance != null) {
            balance[0] -= hash(key, rowKey);
            balance[1]--;
        }
    }

    /** 64 bits that mix well enough for a sum over all entries (the finaliser of SplitMix64 over two polynomial hashes). */
    private static long hash(byte[] key, byte[] rowKey) {
        long hash = 0x9E3779B97F4A7C15L;
        for (byte b : key) {
            hash = hash * 0x100000001B3L + (b & 0xFF) + 1;
        }
        hash ^= hash >>> 32;
        for (byte b : rowKey) {
            hash = hash * 0x5851F42D4C957F2DL + (b & 0xFF) + 1;
        }
        hash = (hash ^ (hash >>> 30)) * 0xBF58476D1CE4E5B9L;
        hash = (hash ^ (hash >>> 27)) * 0x94D049BB133111EBL;
        return hash ^ (hash >>> 31);
    }
}
