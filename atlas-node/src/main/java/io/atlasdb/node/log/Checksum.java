package io.atlasdb.node.log;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** CRC32C that begins with the epoch of a segment, so that bytes of an earlier use of the file never fit. One thread. */
final class Checksum {
    private final CRC32C crc = new CRC32C();
    private final byte[] seed = new byte[Long.BYTES];
    private long seedEpoch;

    void begin(long epoch) {
        if (epoch != seedEpoch) {
            ByteBuffer.wrap(seed).putLong(epoch);
            seedEpoch = epoch;
        }
        crc.reset();
        crc.update(seed);
    }

    void add(byte[] bytes) {
        crc.update(bytes);
    }

    /** Adds the bytes from index {@code from} to before {@code to}; the buffer's position and limit stay. */
    void add(ByteBuffer buffer, int from, int to) {
        int position = buffer.position();
        int limit = buffer.limit();
        buffer.limit(to).position(from);
        crc.update(buffer);
        buffer.limit(limit).position(position);
    }

    int value() {
        return (int) crc.getValue();
    }
}
