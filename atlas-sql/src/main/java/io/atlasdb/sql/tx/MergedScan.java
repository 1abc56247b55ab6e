package io.atlasdb.sql.tx;

import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.RowIterator;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A range of a snapshot with the transaction's own writes laid over it. Writes made while the scan is open are seen when they
 * lie ahead of it.
 */
final class MergedScan implements RowIterator {
    private final WriteBuffer buffer;
    private final KeyRange range;
    private final boolean reverse;
    private final RowIterator base;
    private final Consumer<MergedScan> onClose;
    private boolean baseAhead;
    private boolean baseEnded;
    private boolean ended;
    private boolean closed;
    /** The last key that was passed in the direction of the scan, returned or found removed. */
    private byte @Nullable [] last;

    private byte @Nullable [] key;
    private byte @Nullable [] value;

    MergedScan(WriteBuffer buffer, KeyRange range, boolean reverse, RowIterator base, Consumer<MergedScan> onClose) {
        this.buffer = buffer;
        this.range = range;
        this.reverse = reverse;
        this.base = base;
        this.onClose = onClose;
    }

    @Override
    public boolean next() {
        if (closed) {
            throw new IllegalStateException("the scan is closed");
        }
        while (!ended) {
            if (!baseAhead && !baseEnded) {
                baseAhead = base.next();
                baseEnded = !baseAhead;
            }
            Map.Entry<byte[], WriteBuffer.Cell> own = own();
            int order = own == null ? 1 : !baseAhead ? -1 : compare(own.getKey(), base.key());
            if (own == null && !baseAhead) {
                ended = true;
            } else if (own == null || order > 0) {
                baseAhead = false;
                key = base.key();
                value = base.value();
                last = key;
                return true;
            } else {
                baseAhead &= order != 0;
                key = own.getKey();
                value = own.getValue().value();
                last = key;
                if (value != null) {
                    return true;
                }
            }
        }
        key = null;
        return false;
    }

    @Override
    public byte[] key() {
        return present(key);
    }

    @Override
    public byte[] value() {
        return present(key == null ? null : value);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            base.close();
            onClose.accept(this);
        }
    }

    /** What decided over the rows returned so far: the whole range at the end, else the part up to the last key, null for none. */
    @Nullable
    KeyRange consumed() {
        byte[] reached = last;
        if (ended || reached == null) {
            return ended ? range : null;
        }
        return reverse
                ? new KeyRange(range.group(), reached, range.to())
                : new KeyRange(range.group(), range.from(), Arrays.copyOf(reached, reached.length + 1));
    }

    private Map.@Nullable Entry<byte[], WriteBuffer.Cell> own() {
        NavigableMap<byte[], WriteBuffer.Cell> cells = buffer.group(range.group());
        if (cells == null) {
            return null;
        }
        byte[] from = last;
        Map.Entry<byte[], WriteBuffer.Cell> entry;
        if (from == null) {
            entry = !reverse
                    ? cells.ceilingEntry(range.from())
                    : range.to().length == 0 ? cells.lastEntry() : cells.lowerEntry(range.to());
        } else {
            entry = reverse ? cells.lowerEntry(from) : cells.higherEntry(from);
        }
        return entry != null && range.contains(entry.getKey()) ? entry : null;
    }

    private int compare(byte[] a, byte[] b) {
        return reverse ? Arrays.compareUnsigned(b, a) : Arrays.compareUnsigned(a, b);
    }

    private static byte[] present(byte @Nullable [] bytes) {
        if (bytes == null) {
            throw new IllegalStateException("there is no present pair");
        }
        return bytes;
    }
}
