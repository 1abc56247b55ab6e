package io.atlasdb.node.storage;

import java.util.Arrays;

/** A key of a group. Ordered by group, then by unsigned bytes. The array is shared with callers and never changed. */
@SuppressWarnings("ArrayRecordComponent")
record GroupKey(long group, byte[] key) {
    private static final byte[] FIRST = {};

    /** What is not above any key of the group. */
    static GroupKey first(long group) {
        return new GroupKey(group, FIRST);
    }

    static int compare(GroupKey a, GroupKey b) {
        int byGroup = Long.compare(a.group, b.group);
        return byGroup != 0 ? byGroup : Arrays.compareUnsigned(a.key, b.key);
    }
}
