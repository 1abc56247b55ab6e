package io.atlasdb.node.blob;

/**
 * The bounds of a node's large values.
 *
 * @param reservedBytes of the disk, which large values leave to the log and the store
 * @param graceMs how long a chunk stays that nothing refers to, after it was written or asked for: longer than any request is
 *     under way, milliseconds
 * @param sweepMs between looks for chunks that nothing refers to, milliseconds
 * @param repairMs between looks for chunks that rows refer to and that are not here, milliseconds
 * @param scrubBytesPerSecond how fast files are read again to find damage
 */
public record BlobOptions(long reservedBytes, long graceMs, long sweepMs, long repairMs, long scrubBytesPerSecond) {
    public static final BlobOptions DEFAULT = new BlobOptions(768L << 20, 15 * 60_000, 60_000, 5_000, 4L << 20);

    public BlobOptions {
        if (reservedBytes < 0 || graceMs < 0 || sweepMs < 1 || repairMs < 1 || scrubBytesPerSecond < 1) {
            throw new IllegalArgumentException(reservedBytes + " bytes, " + graceMs + " ms, " + sweepMs + " ms, "
                    + repairMs + " ms, " + scrubBytesPerSecond + " bytes");
        }
    }
}
