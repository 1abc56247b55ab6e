package io.atlasdb.node.kv;

import io.atlasdb.sql.store.Store;
import io.atlasdb.sql.store.StoreContract;
import org.junit.jupiter.api.AfterEach;

/** The node's store keeps the contract that the store in memory keeps. */
class KvStoreTest extends StoreContract {
    private final TestNode node = TestNode.fresh();

    @Override
    protected Store store() {
        return node.store;
    }

    @AfterEach
    void close() {
        node.close();
    }
}
