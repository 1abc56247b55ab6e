package io.atlasdb.sql.access;

import io.atlasdb.sql.catalog.KeyAccess;
import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.RowIterator;
import io.atlasdb.sql.store.Snapshot;
import org.jspecify.annotations.Nullable;

/** Where rights are read: a snapshot, or a transaction, which is validated for it. */
public interface AccessKeys {
    /** The value of a key, or null. */
    byte @Nullable [] get(long group, byte[] key);

    /** The pairs of a range, to be closed by the caller. */
    RowIterator scan(KeyRange range, boolean reverse);

    /** What a snapshot holds. */
    static AccessKeys of(Snapshot snapshot) {
        return new AccessKeys() {
            @Override
            public byte @Nullable [] get(long group, byte[] key) {
                return snapshot.get(group, key);
            }

            @Override
            public RowIterator scan(KeyRange range, boolean reverse) {
                return snapshot.scan(range, reverse);
            }
        };
    }

    /** What a transaction sees; its commit is refused when any of it has changed meanwhile. Scans go upwards only. */
    static AccessKeys of(KeyAccess keys) {
        return new AccessKeys() {
            @Override
            public byte @Nullable [] get(long group, byte[] key) {
                return keys.check(group, key);
            }

            @Override
            public RowIterator scan(KeyRange range, boolean reverse) {
                if (reverse) {
                    throw new IllegalArgumentException("rights are checked upwards");
                }
                return keys.check(range);
            }
        };
    }
}
