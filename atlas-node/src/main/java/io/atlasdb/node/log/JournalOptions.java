package io.atlasdb.node.log;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.Limits;

/**
 * How the log uses its disk.
 *
 * @param segmentBytes length of a segment file, 16 KiB and up; a larger batch gets a file of its own
 * @param batchBytes records that are written and forced together, at most, as long as single appends are not larger
 * @param queueBytes records that may wait to be written; {@link SegmentedJournal#append} waits when there are more
 * @param spareSegments empty segments kept ready, 1 and up; while they are not, the disk counts as full
 * @param retainedBytes full segments that are kept though nothing here needs them, for peers that lag
 * @param freeFloorBytes free space below which the disk counts as full
 * @param ballastBytes a file that is given up when the disk is full, so that bookkeeping still has room; 0 for none
 * @param idleMillis quiet time after which the marker batch follows the last one
 * @param segmentWaitMillis how long the writer waits for a segment before it gives up and ends the process
 */
public record JournalOptions(
        int segmentBytes,
        int batchBytes,
        long queueBytes,
        int spareSegments,
        long retainedBytes,
        long freeFloorBytes,
        long ballastBytes,
        int idleMillis,
        int segmentWaitMillis) {
    /** For a node in production. */
    public static final JournalOptions DEFAULT = new JournalOptions(
            Limits.SEGMENT_BYTES, 1 << 20, 64 << 20, 2, 64 << 20, 512 << 20, Limits.SEGMENT_BYTES, 50, 30_000);

    public JournalOptions {
        atLeast("segmentBytes", segmentBytes, 16 << 10);
        atLeast("batchBytes", batchBytes, 4 << 10);
        atLeast("queueBytes", queueBytes, 1);
        atLeast("spareSegments", spareSegments, 1);
        atLeast("retainedBytes", retainedBytes, 0);
        atLeast("freeFloorBytes", freeFloorBytes, 0);
        atLeast("ballastBytes", ballastBytes, 0);
        atLeast("idleMillis", idleMillis, 1);
        atLeast("segmentWaitMillis", segmentWaitMillis, 1);
    }

    private static void atLeast(String name, long value, long least) {
        if (value < least) {
            throw ErrorCode.INVALID_PARAMETER.error("log." + name, value, "at least " + least + " is needed");
        }
    }

    /** The same with other sizes of segments and batches, spares and ballast in proportion. */
    public JournalOptions withSegments(int bytes, int batch) {
        return new JournalOptions(
                bytes,
                batch,
                queueBytes,
                spareSegments,
                retainedBytes,
                freeFloorBytes,
                bytes,
                idleMillis,
                segmentWaitMillis);
    }

    /** The same with another budget for peers that lag. */
    public JournalOptions withRetainedBytes(long bytes) {
        return new JournalOptions(
                segmentBytes,
                batchBytes,
                queueBytes,
                spareSegments,
                bytes,
                freeFloorBytes,
                ballastBytes,
                idleMillis,
                segmentWaitMillis);
    }

    /** The same with another floor of free space. */
    public JournalOptions withFreeFloorBytes(long bytes) {
        return new JournalOptions(
                segmentBytes,
                batchBytes,
                queueBytes,
                spareSegments,
                retainedBytes,
                bytes,
                ballastBytes,
                idleMillis,
                segmentWaitMillis);
    }

    /** The same with another bound of the queue. */
    public JournalOptions withQueueBytes(long bytes) {
        return new JournalOptions(
                segmentBytes,
                batchBytes,
                bytes,
                spareSegments,
                retainedBytes,
                freeFloorBytes,
                ballastBytes,
                idleMillis,
                segmentWaitMillis);
    }

    /** The same with other waits. */
    public JournalOptions withWaits(int idle, int segmentWait) {
        return new JournalOptions(
                segmentBytes,
                batchBytes,
                queueBytes,
                spareSegments,
                retainedBytes,
                freeFloorBytes,
                ballastBytes,
                idle,
                segmentWait);
    }
}
