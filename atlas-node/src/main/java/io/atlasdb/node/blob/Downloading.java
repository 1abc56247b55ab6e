package io.atlasdb.node.blob;

import io.atlasdb.sql.store.LargeValue;
import io.atlasdb.sql.store.LargeValues;
import java.util.List;
import java.util.function.Function;

/** A value on its way out. Its chunks stay here until it is closed, whatever becomes of the row. */
final class Downloading implements LargeValues.Download {
    private final ChunkStore store;
    private final List<ChunkName> names;
    private final Function<ChunkName, byte[]> read;
    private boolean closed;

    Downloading(ChunkStore store, LargeValue value, Function<ChunkName, byte[]> read) {
        this.store = store;
        this.names = ChunkName.of(value);
        this.read = read;
        names.forEach(store::pin);
    }

    @Override
    public byte[] chunk(int index) {
        return read.apply(names.get(index));
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            names.forEach(store::unpin);
        }
    }
}
