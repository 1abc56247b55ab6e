package io.atlasdb.node.socket;

import io.atlasdb.sql.catalog.CatalogStore;
import io.atlasdb.sql.store.MemoryStore;

/** The same conversations on the key space that nodes have. */
class StoreTranscriptTest extends TranscriptTest {
    @Override
    KeySpace keySpace() {
        return new StoreKeySpace(new MemoryStore(), new CatalogStore());
    }
}
