package io.atlasdb.node.kv;

import io.atlasdb.sql.store.RetentionContract;
import io.atlasdb.sql.store.Store;
import org.junit.jupiter.api.AfterEach;

/** The node's store retains values as the store in memory does. */
class KvRetentionTest extends RetentionContract {
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
