package io.atlasdb.node.replica;

import io.atlasdb.node.consensus.Chain;
import io.atlasdb.node.consensus.Entry;
import io.atlasdb.node.consensus.Hash;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The hash chain of a group: the first 16 bytes of SHA-256 over previous hash, slot, kind, timestamp and payload. */
final class ChainHash implements Chain {
    private static final int HEADER_BYTES = 16 + 8 + 1 + 8;

    private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(() -> {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    });

    @Override
    public Hash next(Hash previous, long slot, Entry.Kind kind, long timestamp, byte[] payload) {
        MessageDigest digest = SHA_256.get();
        digest.update(ByteBuffer.allocate(HEADER_BYTES)
                .putLong(previous.high())
                .putLong(previous.low())
                .putLong(slot)
                .put((byte) kind.code())
                .putLong(timestamp)
                .flip());
        ByteBuffer hash = ByteBuffer.wrap(digest.digest(payload));
        return new Hash(hash.getLong(), hash.getLong());
    }
}
