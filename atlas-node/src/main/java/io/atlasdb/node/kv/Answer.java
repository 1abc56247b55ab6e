package io.atlasdb.node.kv;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the owner answers.
 *
 * @param slot everything that the answer tells of is applied once the asker has applied this slot
 * @param timestamp of the commit or entry; of a Position see there; of Unchanged, 1 for yes and 0 for no
 * @param record what the group knows of the transaction that was asked about
 * @param rows of a Read: keys and values in turn
 */
record Answer(long slot, long timestamp, @Nullable TxnRecord record, List<byte[]> rows) {
    static Answer of(long slot, long timestamp) {
        return new Answer(slot, timestamp, null, List.of());
    }

    byte[] encode() {
        byte[] stored = record == null ? new byte[0] : record.encode();
        int size = 8 + 8 + 4 + stored.length + 4;
        for (byte[] row : rows) {
            size += 4 + row.length;
        }
        ByteBuffer buffer = ByteBuffer.allocate(size).putLong(slot).putLong(timestamp);
        buffer.putInt(stored.length).put(stored).putInt(rows.size());
        rows.forEach(row -> buffer.putInt(row.length).put(row));
        return buffer.array();
    }

    static Answer decode(ByteBuffer buffer) {
        long slot = buffer.getLong();
        long timestamp = buffer.getLong();
        byte[] stored = take(buffer);
        byte[][] rows = new byte[buffer.getInt()][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = take(buffer);
        }
        return new Answer(slot, timestamp, stored.length == 0 ? null : TxnRecord.decode(stored), List.of(rows));
    }

    private static byte[] take(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.getInt()];
        buffer.get(bytes);
        return bytes;
    }
}
