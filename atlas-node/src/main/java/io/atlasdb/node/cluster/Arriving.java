package io.atlasdb.node.cluster;

import io.atlasdb.node.replica.SnapshotProgress;
import java.util.List;

/**
 * The snapshots on their way to a node, all together.
 *
 * @param groups how many there are, those that wait for others among them
 * @param bytes keys and values that came
 * @param rows that came
 * @param rowsEstimate about how many there will be, of those that have begun
 */
public record Arriving(int groups, long bytes, long rows, long rowsEstimate) {
    static Arriving of(List<SnapshotProgress> snapshots) {
        long bytes = 0;
        long rows = 0;
        long all = 0;
        for (SnapshotProgress snapshot : snapshots) {
            bytes += snapshot.bytes();
            rows += snapshot.rows();
            all += Math.max(snapshot.rows(), snapshot.rowsEstimate());
        }
        return new Arriving(snapshots.size(), bytes, rows, all);
    }

    byte[] encode() {
        return Codec.write(out -> {
            out.writeInt(groups);
            out.writeLong(bytes);
            out.writeLong(rows);
            out.writeLong(rowsEstimate);
        });
    }

    /** Throws {@code IllegalArgumentException} when it is none. */
    static Arriving decode(byte[] bytes) {
        return Codec.read(bytes, in -> new Arriving(in.readInt(), in.readLong(), in.readLong(), in.readLong()));
    }
}
