package io.atlasdb.node.consensus;

/**
 * Numbers of the protocol that do not touch its safety, except {@code leaseMs}, which must be the same on all nodes.
 *
 * @param leaseMs how long a lease lasts at its owner, milliseconds; an acceptor keeps it longer, since clocks drift: one by
 *     up to 1 % ahead, another by as much behind; 0 for no leases
 * @param retryMs after how long what was not answered is sent again, milliseconds; doubled each time up to 16 times
 * @param batchBytesMax payload of one Accept, bytes; one entry may be larger
 * @param windowEntries entries on their way to one member
 * @param retainBytes payload of applied entries that is kept for members that lag, bytes a group
 */
public record Settings(long leaseMs, long retryMs, int batchBytesMax, int windowEntries, int retainBytes) {
    public static final Settings DEFAULT = new Settings(2_000, 250, 1 << 20, 4_096, 256 << 10);

    /** How long an acceptor honours a lease, milliseconds. */
    public long leaseAtAcceptorMs() {
        return leaseMs + leaseMs / 40 + 2;
    }
}
