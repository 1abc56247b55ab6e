package io.atlasdb.sql.tx;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.LargeValue;
import io.atlasdb.sql.store.LargeValues;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Brings values that stand outside of their rows into memory, and large ones out of it, for one transaction. What was read and
 * is written again unchanged is not stored again. Not safe for several threads.
 */
public final class LargeColumns {
    private final Transaction transaction;
    /** Where bytes in memory came from, by identity. */
    private final IdentityHashMap<byte[], LargeValue> known = new IdentityHashMap<>();

    /** Counts memory before it is taken. */
    @FunctionalInterface
    public interface Meter {
        void reserve(long bytes);
    }

    public LargeColumns(Transaction transaction) {
        this.transaction = transaction;
    }

    /**
     * Puts bytes in place of references, in the row itself.
     *
     * @param group of the row's table
     * @param meter is asked for the bytes of all of them before any is read
     * @return how many bytes these are
     */
    public long read(long group, @Nullable Object[] row, Meter meter) {
        long bytes = 0;
        for (Object value : row) {
            bytes += value instanceof LargeValue large ? large.size() : 0;
        }
        if (bytes > 0) {
            meter.reserve(bytes);
            for (int i = 0; i < row.length; i++) {
                if (row[i] instanceof LargeValue large) {
                    row[i] = read(group, large);
                }
            }
        }
        return bytes;
    }

    private byte[] read(long group, LargeValue value) {
        byte[] bytes = new byte[Math.toIntExact(value.size())];
        try (LargeValues.Download download = transaction.largeValues().open(group, value)) {
            int at = 0;
            for (int i = 0; i < value.chunkCount(); i++) {
                byte[] chunk = download.chunk(i);
                if (chunk.length != value.chunkBytes(i)) {
                    throw ErrorCode.CORRUPT.error("a chunk of a large value has " + chunk.length + " bytes");
                }
                System.arraycopy(chunk, 0, bytes, at, chunk.length);
                at += chunk.length;
            }
        }
        return bytes;
    }

    /** The row with references in place of bytes that came from them. */
    public void remember(@Nullable Object[] references, @Nullable Object[] read) {
        for (int i = 0; i < references.length; i++) {
            if (references[i] instanceof LargeValue value && read[i] instanceof byte[] bytes) {
                known.put(bytes, value);
            }
        }
    }

    /** The row, or a copy with references in place of large values, which are stored for this transaction. */
    public @Nullable Object[] store(@Nullable Object[] row) {
        @Nullable Object[] stored = row;
        for (int i = 0; i < row.length; i++) {
            if (row[i] instanceof byte[] bytes && bytes.length > LargeValues.INLINE_BYTES_MAX) {
                LargeValue reference = reference(bytes);
                if (reference != null) {
                    stored = stored == row ? row.clone() : stored;
                    stored[i] = reference;
                }
            }
        }
        return stored;
    }

    private @Nullable LargeValue reference(byte[] bytes) {
        LargeValue reference = known.get(bytes);
        LargeValues values = transaction.largeValues();
        if (reference != null || !values.areKept()) {
            return reference;
        }
        LargeValues.Upload upload = values.upload(bytes.length);
        transaction.hold(upload);
        for (int at = 0; at < bytes.length; at += LargeValue.CHUNK_BYTES) {
            upload.add(bytes, at, Math.min(LargeValue.CHUNK_BYTES, bytes.length - at));
        }
        return upload.finish();
    }
}
