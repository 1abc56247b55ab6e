package io.atlasdb.node.replica;

/**
 * A snapshot on its way to this node.
 *
 * @param member who gives it
 * @param begun false while it waits for others
 * @param bytes keys and values that came
 * @param rows that came
 * @param rowsEstimate about how many there will be; 0 while it is not known
 */
public record SnapshotProgress(long group, int member, boolean begun, long bytes, long rows, long rowsEstimate) {}
