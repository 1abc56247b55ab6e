package io.atlasdb.node.storage;

import java.util.Arrays;

/**
 * A key of a group with a timestamp. The history orders them by group, key and falling version, so that the newest version
 * at or below T is the first at or above (group, key, T). The queue of garbage orders them by group, version and key, so
 * that what may go first comes first.
 */
@SuppressWarnings("ArrayRecordComponent")
record VersionKey(long group, byte[] key, long version) {
    static int compareInHistory(VersionKey a, VersionKey b) {
        int byGroup = Long.compare(a.group, b.group);
        if (byGroup != 0) {
            return byGroup;
        }
        int byKey = Arrays.compareUnsigned(a.key, b.key);
        return byKey != 0 ? byKey : Long.compare(b.version, a.version);
    }

    static int compareInGarbage(VersionKey a, VersionKey b) {
        int byGroup = Long.compare(a.group, b.group);
        if (byGroup != 0) {
            return byGroup;
        }
        int byVersion = Long.compare(a.version, b.version);
        return byVersion != 0 ? byVersion : Arrays.compareUnsigned(a.key, b.key);
    }

    boolean sameKey(long otherGroup, byte[] otherKey) {
        return group == otherGroup && Arrays.equals(key, otherKey);
    }
}
