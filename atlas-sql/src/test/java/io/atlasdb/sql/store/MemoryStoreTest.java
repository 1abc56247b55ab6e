package io.atlasdb.sql.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The store in memory keeps the contract, and is strict where a caller errs. */
class MemoryStoreTest extends StoreContract {
    private final MemoryStore store = new MemoryStore();

    @Override
    protected Store store() {
        return store;
    }

    @Override
    protected boolean forgetBefore(long timestamp) {
        store.forgetBefore(timestamp);
        return true;
    }

    @Test
    void aClosedSnapshotCannotBeRead() {
        Snapshot snapshot = store.snapshot();
        assertThat(store.openSnapshots()).isEqualTo(1);
        snapshot.close();
        snapshot.close();
        assertThat(store.openSnapshots()).isZero();
        assertThatThrownBy(() -> snapshot.get(1, new byte[] {1})).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void twoWritesOfOneKeyAreRefused() {
        Write write = new Write(1, new byte[] {1}, new byte[0]);
        assertThatThrownBy(() ->
                        store.commit(new Commit(Commit.BLIND, List.of(), List.of(write, write), List.of(), List.of())))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
