package io.atlasdb.sql.session;

import io.atlasdb.sql.catalog.CatalogStore;
import io.atlasdb.sql.plan.Planner;
import io.atlasdb.sql.store.MemoryStore;
import io.atlasdb.sql.system.SystemTables;
import org.jspecify.annotations.NullMarked;

/** An engine on a store in memory. */
@NullMarked
final class MemorySessions implements AutoCloseable {
    private final MemoryStore store = new MemoryStore();
    private final Sessions sessions = new Sessions(
            store, new CatalogStore(), new Planner(), new SystemTables("test"), SessionDefaults.forHeap(256 << 20));

    Session open() {
        return sessions.open("TESTER");
    }

    Sessions sessions() {
        return sessions;
    }

    MemoryStore store() {
        return store;
    }

    @Override
    public void close() {
        sessions.close();
    }
}
