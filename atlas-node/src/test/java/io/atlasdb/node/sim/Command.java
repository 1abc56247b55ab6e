package io.atlasdb.node.sim;

import java.nio.ByteBuffer;

/**
 * What a client asks of a register: to set it, or to set it when it has an expected value.
 *
 * @param expected negative to set it whatever it is
 */
record Command(long key, long value, long expected) {
    static final int BYTES = 24;

    byte[] encode() {
        return ByteBuffer.allocate(BYTES)
                .putLong(key)
                .putLong(value)
                .putLong(expected)
                .array();
    }

    static Command decode(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new Command(buffer.getLong(), buffer.getLong(), buffer.getLong());
    }
}
