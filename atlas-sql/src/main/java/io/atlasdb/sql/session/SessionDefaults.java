package io.atlasdb.sql.session;

import io.atlasdb.sql.store.Limits;

/**
 * What a node gives its sessions.
 *
 * @param schema where unqualified names are looked up
 * @param statementTimeoutMs milliseconds a statement may take; 0 = none of its own (see {@link Settings})
 * @param memoryBudgetBytes what one statement may hold
 * @param memoryPoolBytes what all statements of the node may hold together
 * @param sessionsMax how many sessions may be open
 * @param cursorsMax how many results a session may have open
 */
public record SessionDefaults(
        String schema,
        long statementTimeoutMs,
        long memoryBudgetBytes,
        long memoryPoolBytes,
        int sessionsMax,
        int cursorsMax) {
    /** For a heap of this size: half of it for statements, at most 64 MiB for one. */
    public static SessionDefaults forHeap(long heapBytes) {
        long pool = Math.max(16L << 20, heapBytes / 2);
        return new SessionDefaults("PUBLIC", 0, Math.min(Limits.REQUEST_BYTES_MAX, pool), pool, 1_000, 1_000);
    }
}
