package io.atlasdb.node.kv;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What a group remembers of a transaction over several groups; a value in META under {@code T} and the transaction's id.
 *
 * @param timestamp of the entry that made the record; the transaction's commit timestamp once it is COMMITTED
 * @param prepare the group's part while it is PREPARED; in the coordinator group afterwards the participants, 64 bits each,
 *     until all of them know of the decision; else nothing
 */
@SuppressWarnings("ArrayRecordComponent")
record TxnRecord(State state, long timestamp, byte[] prepare) {
    /** Codes are stored and never change. */
    enum State {
        /** PREPARE or STAGING is applied as valid, nothing is decided here yet. */
        PREPARED(0),
        /** Barred before it came. */
        TOMBSTONE(1),
        COMMITTED(2),
        ABORTED(3);

        private final byte code;

        State(int code) {
            this.code = (byte) code;
        }
    }

    private static final byte PREFIX = 'T';

    static TxnRecord prepared(long timestamp, byte[] payload) {
        return new TxnRecord(State.PREPARED, timestamp, payload);
    }

    static TxnRecord ended(State state, long timestamp) {
        return new TxnRecord(state, timestamp, new byte[0]);
    }

    /** A decision in the coordinator group. */
    static TxnRecord decided(State state, long timestamp, List<Long> participants) {
        ByteBuffer buffer = ByteBuffer.allocate(8 * participants.size());
        participants.forEach(buffer::putLong);
        return new TxnRecord(state, timestamp, buffer.array());
    }

    /** Of a decision: the groups that may not know of it yet. */
    List<Long> participants() {
        List<Long> participants = new ArrayList<>();
        if (state != State.PREPARED) {
            ByteBuffer buffer = ByteBuffer.wrap(prepare);
            while (buffer.hasRemaining()) {
                participants.add(buffer.getLong());
            }
        }
        return participants;
    }

    byte[] encode() {
        return ByteBuffer.allocate(9 + prepare.length)
                .put(state.code)
                .putLong(timestamp)
                .put(prepare)
                .array();
    }

    static TxnRecord decode(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        State state = State.values()[buffer.get()];
        long timestamp = buffer.getLong();
        byte[] prepare = new byte[buffer.remaining()];
        buffer.get(prepare);
        return new TxnRecord(state, timestamp, prepare);
    }

    static byte[] key(TxnId txn) {
        return ByteBuffer.allocate(17)
                .put(PREFIX)
                .putLong(txn.node())
                .putLong(txn.number())
                .array();
    }

    static TxnId txn(byte[] key) {
        ByteBuffer buffer = ByteBuffer.wrap(key, 1, 16);
        return new TxnId(buffer.getLong(), buffer.getLong());
    }

    /** The prefix of all such keys. */
    static byte[] prefix() {
        return new byte[] {PREFIX};
    }
}
