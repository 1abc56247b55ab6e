package io.atlasdb.node.blob;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.LargeValue;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What nodes ask one another about chunks.
 *
 * <pre>
 *   1 | name …        are these there?     answer: a byte each, 1 or 0
 *   2 | name | bytes  take this one        answer: nothing, once it is durable
 *   3 | name          give me this one     answer: its bytes; nothing when it is not there
 * </pre>
 */
final class Messages {
    static final byte HAS = 1;
    static final byte PUT = 2;
    static final byte GET = 3;

    /** Names in one question: enough for the largest value. */
    static final int NAMES_MAX = 256;

    private Messages() {}

    static byte[] has(List<ChunkName> names) {
        ByteBuffer out =
                ByteBuffer.allocate(1 + LargeValue.HASH_BYTES * names.size()).put(HAS);
        names.forEach(name -> out.put(name.sha256()));
        return out.array();
    }

    static byte[] put(ChunkName name, byte[] bytes) {
        return ByteBuffer.allocate(1 + LargeValue.HASH_BYTES + bytes.length)
                .put(PUT)
                .put(name.sha256())
                .put(bytes)
                .array();
    }

    static byte[] get(ChunkName name) {
        return ByteBuffer.allocate(1 + LargeValue.HASH_BYTES)
                .put(GET)
                .put(name.sha256())
                .array();
    }

    /** The names behind the first byte. */
    static List<ChunkName> names(byte[] request) {
        int count = (request.length - 1) / LargeValue.HASH_BYTES;
        if (count > NAMES_MAX || 1 + count * LargeValue.HASH_BYTES != request.length) {
            throw damaged(request);
        }
        List<ChunkName> names = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            names.add(name(request, 1 + i * LargeValue.HASH_BYTES));
        }
        return names;
    }

    /** The name behind the first byte. */
    static ChunkName name(byte[] request) {
        return name(request, 1);
    }

    private static ChunkName name(byte[] request, int offset) {
        if (request.length < offset + LargeValue.HASH_BYTES) {
            throw damaged(request);
        }
        byte[] sha256 = new byte[LargeValue.HASH_BYTES];
        System.arraycopy(request, offset, sha256, 0, sha256.length);
        return new ChunkName(sha256);
    }

    /** Where the bytes of a {@link #PUT} begin. */
    static int bytesAt() {
        return 1 + LargeValue.HASH_BYTES;
    }

    static RuntimeException damaged(byte[] request) {
        return ErrorCode.PROTOCOL.error("a request about chunks of " + request.length + " bytes is damaged");
    }
}
