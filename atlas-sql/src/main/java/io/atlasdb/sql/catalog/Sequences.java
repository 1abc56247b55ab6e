package io.atlasdb.sql.catalog;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.Commit;
import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.Limits;
import io.atlasdb.sql.store.Snapshot;
import io.atlasdb.sql.store.Store;
import io.atlasdb.sql.store.Write;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Numbers for identity columns and hidden keys, 1 and upwards.
 *
 * <p>Numbers are taken from the store in blocks, each by a transaction of its own that has committed before the first number
 * of it is given out. So no number is given out twice, by any node and over any restart; what is left of a block at the end
 * of a node is never used. Numbers of one node ascend. Safe for several threads.
 */
public final class Sequences {
    private static final int BLOCK = 100;
    private static final int ATTEMPTS_MAX = 1_000;

    private final Store store;
    private final int block;
    /** The least recently used blocks are let go when tables come and go: their numbers are lost, nothing else. */
    private final Map<Key, Block> blocks = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Block> eldest) {
            return size() > Limits.TABLES_MAX;
        }
    };

    private record Key(long table, int column) {}

    /** Numbers at hand: from {@code next} up to {@code end}, excluded. */
    private static final class Block {
        private long next;
        private long end;
    }

    public Sequences(Store store) {
        this(store, BLOCK);
    }

    /** With another number of numbers per block. */
    public Sequences(Store store, int block) {
        this.store = store;
        this.block = block;
    }

    /**
     * The next number for a column of a committed table. May commit a small transaction.
     *
     * @throws AtlasException {@code SCHEMA_CHANGED} when the table has another version by now, {@code NUMERIC_OVERFLOW} when
     *     the numbers are used up, and what a commit may fail with
     */
    public long next(Table table, Column column) {
        Block mine;
        synchronized (blocks) {
            mine = blocks.computeIfAbsent(new Key(table.id(), column.id()), key -> new Block());
        }
        synchronized (mine) {
            if (mine.next == mine.end) {
                mine.next = allocate(table, column);
                mine.end = mine.next + block;
            }
            return mine.next++;
        }
    }

    /** The next number for a column of a table that this very transaction made; it is taken when the transaction commits. */
    public long next(Table table, Column column, KeyAccess keys) {
        byte[] key = GroupKeys.sequence(table.id(), column.id());
        long next = number(keys.check(table.group(), key));
        keys.put(table.group(), key, bytes(next + 1));
        return next;
    }

    /** Takes a block and returns its first number. */
    private long allocate(Table table, Column column) {
        byte[] key = GroupKeys.sequence(table.id(), column.id());
        for (int attempt = 1; ; attempt++) {
            try (Snapshot snapshot = store.snapshot()) {
                long first = number(snapshot.get(table.group(), key));
                if (first > Long.MAX_VALUE - block) {
                    throw ErrorCode.NUMERIC_OVERFLOW.error(first, "the sequence of column " + column.name());
                }
                store.commit(new Commit(
                                snapshot.timestamp(),
                                List.of(KeyRange.of(table.group(), key)),
                                List.of(new Write(table.group(), key, bytes(first + block))),
                                List.of(CatalogStore.guard(table)),
                                List.of()))
                        .join();
                return first;
            } catch (CompletionException e) {
                if (!(e.getCause() instanceof AtlasException error)) {
                    throw e;
                }
                // a block whose commit has an unknown outcome is left aside: numbers may be missing, never double
                boolean again = error.code() == ErrorCode.SERIALIZATION || error.code() == ErrorCode.OUTCOME_UNKNOWN;
                if (!again || attempt == ATTEMPTS_MAX) {
                    throw error;
                }
            }
        }
    }

    private static long number(byte @Nullable [] value) {
        return value == null ? 1 : ByteBuffer.wrap(value).getLong();
    }

    private static byte[] bytes(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }
}
