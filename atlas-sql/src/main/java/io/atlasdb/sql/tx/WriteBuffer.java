package io.atlasdb.sql.tx;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.Limits;
import io.atlasdb.sql.store.Write;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The writes of a transaction by group and key, with savepoints.
 *
 * <p>While a savepoint is held, the first write of each key after it notes what stood there before; later writes of the
 * same key need no note. So the notes are bounded by the keys, and rolling back is to take the notes back in reverse.
 */
final class WriteBuffer {
    /** A buffered value, or a removal when {@code value} is null; {@code epoch} counts savepoints. */
    @SuppressWarnings("ArrayRecordComponent")
    record Cell(byte @Nullable [] value, long epoch) {
        int bytes() {
            return value == null ? 0 : value.length;
        }
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Note(long group, byte[] key, @Nullable Cell before) {}

    private final Map<Long, TreeMap<byte[], Cell>> groups = new HashMap<>();
    private final List<Note> notes = new ArrayList<>();
    private final List<Savepoint> savepoints = new ArrayList<>();
    private long epoch;
    private long bytes;
    private long noteBytes;
    private int count;

    /** What was written to a group so far, in key order, or null when nothing was. */
    @Nullable
    NavigableMap<byte[], Cell> group(long group) {
        return groups.get(group);
    }

    @Nullable
    Cell get(long group, byte[] key) {
        TreeMap<byte[], Cell> cells = groups.get(group);
        return cells == null ? null : cells.get(key);
    }

    void put(long group, byte[] key, byte @Nullable [] value) {
        TreeMap<byte[], Cell> cells = groups.computeIfAbsent(group, g -> new TreeMap<>(Arrays::compareUnsigned));
        Cell before = cells.get(key);
        Cell after = new Cell(value, epoch);
        long grown = bytes + after.bytes() + (before == null ? key.length : -before.bytes());
        boolean noted = !savepoints.isEmpty() && (before == null || before.epoch() < epoch);
        long kept = noted && before != null ? before.bytes() : 0;
        if (grown + noteBytes + kept > Limits.TRANSACTION_BYTES_MAX) {
            throw ErrorCode.LIMIT.error(
                    "the transaction", grown + noteBytes + kept + " bytes", Limits.TRANSACTION_BYTES_MAX);
        }
        if (noted) {
            notes.add(new Note(group, key, before));
            noteBytes += kept;
        }
        cells.put(key, after);
        bytes = grown;
        if (before == null) {
            count++;
        }
    }

    boolean isEmpty() {
        return count == 0;
    }

    long bytes() {
        return bytes;
    }

    Savepoint savepoint(int drops) {
        epoch++;
        Savepoint savepoint = new Savepoint(notes.size(), drops);
        savepoints.add(savepoint);
        return savepoint;
    }

    /** Takes back all writes since {@code savepoint}, which stays; later ones are gone. */
    void rollbackTo(Savepoint savepoint) {
        int at = indexOf(savepoint);
        savepoints.subList(at + 1, savepoints.size()).clear();
        for (int i = notes.size() - 1; i >= savepoint.notes(); i--) {
            restore(notes.remove(i));
        }
    }

    /** Forgets {@code savepoint} and later ones and keeps the writes. */
    void release(Savepoint savepoint) {
        savepoints.subList(indexOf(savepoint), savepoints.size()).clear();
        if (savepoints.isEmpty()) {
            notes.clear();
            noteBytes = 0;
        }
    }

    /** All writes but those to the excepted groups. */
    List<Write> toList(Set<Long> except) {
        List<Write> writes = new ArrayList<>(count);
        groups.forEach((group, cells) -> {
            if (!except.contains(group)) {
                cells.forEach((key, cell) -> writes.add(new Write(group, key, cell.value())));
            }
        });
        return writes;
    }

    void clear() {
        groups.clear();
        notes.clear();
        savepoints.clear();
        bytes = 0;
        noteBytes = 0;
        count = 0;
    }

    private void restore(Note note) {
        TreeMap<byte[], Cell> cells = Objects.requireNonNull(groups.get(note.group()), "a note without its group");
        Cell before = note.before();
        Cell now = Objects.requireNonNull(
                before == null ? cells.remove(note.key()) : cells.put(note.key(), before), "a note without its write");
        bytes -= now.bytes();
        if (before == null) {
            bytes -= note.key().length;
            count--;
        } else {
            bytes += before.bytes();
            noteBytes -= before.bytes();
        }
    }

    private int indexOf(Savepoint savepoint) {
        for (int i = savepoints.size() - 1; i >= 0; i--) {
            if (savepoints.get(i) == savepoint) {
                return i;
            }
        }
        throw new IllegalArgumentException("the savepoint is gone");
    }
}
