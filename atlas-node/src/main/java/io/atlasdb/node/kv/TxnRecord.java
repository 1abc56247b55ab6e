package io.atlasdb.node.kv;

import java.nio.ByteBuffer;

/**
 * What a group remembers of a transaction over several groups; a value in META under {@code T} and the transaction's id.
 *
 * @param timestamp of the entry that made the record; the transaction's commit timestamp once it is COMMITTED
 * @param prepare the group's part while it is PREPARED; nothing in other states
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
