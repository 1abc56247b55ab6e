package io.atlasdb.node.cluster.policy;

import java.util.Arrays;

/** Operations on a group by the zone of the client, since they were last taken. Arrays are not copied. */
@SuppressWarnings("ArrayRecordComponent")
record AccessCounts(long[] reads, long[] writes) {
    static final AccessCounts NONE = new AccessCounts(new long[0], new long[0]);

    long total() {
        return Arrays.stream(reads).sum() + Arrays.stream(writes).sum();
    }

    /** The zone that used the group most; the lowest of several, -1 for none. */
    int busiest() {
        int best = -1;
        for (int zone = 0; zone < reads.length; zone++) {
            if (of(zone) > (best < 0 ? 0 : of(best))) {
                best = zone;
            }
        }
        return best;
    }

    private long of(int zone) {
        return reads[zone] + writes[zone];
    }
}
