package io.atlasdb.node.consensus;

/** How the hash of an entry follows from the one before; given to the core, which has no library of its own. */
@FunctionalInterface
public interface Chain {
    /** H(previous, slot, kind, timestamp, payload). */
    Hash next(Hash previous, long slot, Entry.Kind kind, long timestamp, byte[] payload);
}
