package io.atlasdb.sql.catalog;

import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.RowIterator;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one running transaction, as the catalog reads and changes them. What is read sees the transaction's own writes
 * and is validated at commit whatever the isolation level.
 */
public interface KeyAccess {
    /** The value of a key, or null. */
    byte @Nullable [] check(long group, byte[] key);

    /** The pairs of a range, ascending. */
    RowIterator check(KeyRange range);

    /** Writes a key; the arrays belong to the transaction from now on. */
    void put(long group, byte[] key, byte[] value);

    void delete(long group, byte[] key);

    /** Ends a group with all its data at commit. */
    void drop(long group);
}
