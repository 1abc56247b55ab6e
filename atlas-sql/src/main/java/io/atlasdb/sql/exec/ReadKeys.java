package io.atlasdb.sql.exec;

import io.atlasdb.sql.access.AccessKeys;
import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.RowIterator;
import io.atlasdb.sql.tx.Transaction;
import org.jspecify.annotations.Nullable;

/** Rights for reading: they are read, and validated or not, as the rows are that they decide about. */
public record ReadKeys(Transaction transaction) implements AccessKeys {
    @Override
    public byte @Nullable [] get(long group, byte[] key) {
        return transaction.get(group, key);
    }

    @Override
    public RowIterator scan(KeyRange range, boolean reverse) {
        return transaction.scan(range, reverse);
    }
}
