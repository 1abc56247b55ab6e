package io.atlasdb.node.consensus;

/** The first 16 bytes of a SHA-256, as two big-endian halves. */
public record Hash(long high, long low) {
    /** The hash before the first slot. */
    public static final Hash ZERO = new Hash(0, 0);
}
