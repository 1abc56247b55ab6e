package io.atlasdb.node.blob;

import io.atlasdb.sql.store.LargeValue;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The SHA-256 of a chunk, which is the name of its file. The array is not copied; nobody changes it. */
@SuppressWarnings("ArrayRecordComponent")
record ChunkName(byte[] sha256) {
    private static final int HEX_CHARACTERS = 2 * LargeValue.HASH_BYTES;

    ChunkName {
        if (sha256.length != LargeValue.HASH_BYTES) {
            throw new IllegalArgumentException("a name of " + sha256.length + " bytes");
        }
    }

    /** The name of these bytes. */
    static ChunkName of(byte[] bytes, int offset, int length) {
        MessageDigest digest = sha256Digest();
        digest.update(bytes, offset, length);
        return new ChunkName(digest.digest());
    }

    /** The names of a value's chunks, in order. */
    static List<ChunkName> of(LargeValue value) {
        List<ChunkName> names = new ArrayList<>(value.chunkCount());
        for (int i = 0; i < value.chunkCount(); i++) {
            names.add(new ChunkName(value.chunk(i)));
        }
        return names;
    }

    /** The name that a file stands for; null when it is no chunk's. */
    static @Nullable ChunkName of(Path file) {
        String name = file.getFileName().toString();
        try {
            return name.length() == HEX_CHARACTERS
                    ? new ChunkName(HexFormat.of().parseHex(name))
                    : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    static MessageDigest sha256Digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChunkName name && Arrays.equals(sha256, name.sha256);
    }

    @Override
    public int hashCode() {
        // The first bytes of a hash are as good as any hash of it.
        return sha256[0] << 24 | (sha256[1] & 0xFF) << 16 | (sha256[2] & 0xFF) << 8 | (sha256[3] & 0xFF);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(sha256);
    }
}
