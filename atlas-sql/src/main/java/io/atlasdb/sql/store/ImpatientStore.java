package io.atlasdb.sql.store;

import java.util.concurrent.CompletableFuture;

/** A store for threads that must not wait: all snapshots of now are {@linkplain Store#impatient impatient}. */
public record ImpatientStore(Store store) implements Store {
    @Override
    public Snapshot snapshot() {
        return store.impatient(false);
    }

    @Override
    public Snapshot draft() {
        return store.impatient(true);
    }

    @Override
    public Snapshot snapshotAt(long timestamp) {
        throw new UnsupportedOperationException("a snapshot of the past may wait");
    }

    @Override
    public LargeValues largeValues() {
        return store.largeValues().areKept() ? LargeValues.LATER : LargeValues.NONE;
    }

    @Override
    public CompletableFuture<Long> commit(Commit commit) {
        return store.commit(commit);
    }
}
