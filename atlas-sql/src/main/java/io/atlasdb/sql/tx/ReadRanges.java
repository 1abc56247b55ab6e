package io.atlasdb.sql.tx;

import io.atlasdb.sql.store.KeyRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A set of key ranges, kept disjoint: ranges that overlap or touch become one. When there are more than the bound,
 * neighbours within a group are joined across the gap between them, which may bring false conflicts and never misses one.
 */
final class ReadRanges {
    /** End by start, per group; an empty end is the end of the group. */
    private final Map<Long, TreeMap<byte[], byte[]>> groups = new HashMap<>();

    private final int countMax;
    private int count;

    ReadRanges(int countMax) {
        this.countMax = countMax;
    }

    void add(KeyRange range) {
        if (range.isEmpty()) {
            return;
        }
        TreeMap<byte[], byte[]> ranges =
                groups.computeIfAbsent(range.group(), g -> new TreeMap<>(Arrays::compareUnsigned));
        byte[] from = range.from();
        byte[] to = range.to();
        Map.Entry<byte[], byte[]> before = ranges.floorEntry(from);
        if (before != null && !isBelow(before.getValue(), from)) {
            if (reaches(before.getValue(), to)) {
                return;
            }
            from = before.getKey();
        }
        Map.Entry<byte[], byte[]> covered = ranges.ceilingEntry(from);
        while (covered != null && !isBelow(to, covered.getKey())) {
            to = later(to, covered.getValue());
            ranges.remove(covered.getKey());
            count--;
            covered = ranges.ceilingEntry(from);
        }
        ranges.put(from, to);
        count++;
        if (count > countMax) {
            widen();
        }
    }

    int size() {
        return count;
    }

    /** All ranges, ascending within a group. */
    List<KeyRange> toList() {
        List<KeyRange> list = new ArrayList<>(count);
        groups.forEach((group, ranges) -> ranges.forEach((from, to) -> list.add(new KeyRange(group, from, to))));
        return list;
    }

    /** Joins every second range of a group with the one before it. */
    private void widen() {
        count = 0;
        for (Map.Entry<Long, TreeMap<byte[], byte[]>> group : groups.entrySet()) {
            TreeMap<byte[], byte[]> wide = new TreeMap<>(Arrays::compareUnsigned);
            byte @Nullable [] from = null;
            for (Map.Entry<byte[], byte[]> range : group.getValue().entrySet()) {
                if (from == null) {
                    from = range.getKey();
                    wide.put(from, range.getValue());
                } else {
                    wide.put(from, range.getValue());
                    from = null;
                }
            }
            group.setValue(wide);
            count += wide.size();
        }
    }

    /** Whether an end lies before a key, so that a range with this end neither holds nor touches it. */
    private static boolean isBelow(byte[] end, byte[] key) {
        return end.length != 0 && Arrays.compareUnsigned(end, key) < 0;
    }

    private static boolean reaches(byte[] end, byte[] other) {
        return end.length == 0 || (other.length != 0 && Arrays.compareUnsigned(end, other) >= 0);
    }

    private static byte[] later(byte[] end, byte[] other) {
        return reaches(end, other) ? end : other;
    }
}
