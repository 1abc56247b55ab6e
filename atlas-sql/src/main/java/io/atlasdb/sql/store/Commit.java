package io.atlasdb.sql.store;

import java.util.List;

/**
 * What a transaction asks the store to do at its end.
 *
 * @param timestamp the timestamp of the snapshot that all reads were made at, or {@link #BLIND} when nothing was read: then
 *     ranges must be empty and written keys are not checked for newer versions
 * @param reads ranges that must hold no version newer than the snapshot; a point read is a range of one key. What was read
 *     and found empty is listed as well
 * @param writes at most one per key; written keys are checked like reads, unless the commit is blind
 * @param guards schema versions that the transaction was planned with
 * @param drops groups that end with this transaction; their data is removed once no snapshot can see it
 */
public record Commit(long timestamp, List<KeyRange> reads, List<Write> writes, List<Guard> guards, List<Long> drops) {
    /** The timestamp of a commit that read nothing. */
    public static final long BLIND = 0;

    public Commit {
        reads = List.copyOf(reads);
        writes = List.copyOf(writes);
        guards = List.copyOf(guards);
        drops = List.copyOf(drops);
        if (timestamp == BLIND && !reads.isEmpty()) {
            throw new IllegalArgumentException("a blind commit has no read ranges, this one has " + reads.size());
        }
    }
}
