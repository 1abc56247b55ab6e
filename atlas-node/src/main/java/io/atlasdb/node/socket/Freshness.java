package io.atlasdb.node.socket;

import io.atlasdb.sql.access.Identity;
import io.atlasdb.sql.catalog.CatalogStore;
import io.atlasdb.sql.catalog.KeyTables;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.store.ReadMode;
import io.atlasdb.sql.store.Snapshot;
import io.atlasdb.sql.store.Store;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** How fresh the reads of one connection are. Whatever that is, it sees what it wrote itself. Safe for several threads. */
final class Freshness {
    private final AtomicLong written = new AtomicLong();
    private volatile ReadMode mode = ReadMode.STRONG;

    void set(ReadMode next) {
        mode = next;
    }

    /** Notes the timestamp of a write of this connection. */
    void wrote(long timestamp) {
        written.accumulateAndGet(timestamp, Math::max);
    }

    ReadMode mode() {
        ReadMode present = mode;
        return present.kind() == ReadMode.Kind.STRONG
                ? present
                : new ReadMode(present.kind(), present.staleMsMax(), written.get());
    }

    /**
     * What keys are read from: as fresh as was asked for, unless rights limit who may read them, since these are those of now.
     *
     * @param table the one that is read; null for any
     */
    Snapshot snapshot(Store store, CatalogStore catalogs, @Nullable String table, Identity identity) {
        ReadMode wanted = mode();
        if (wanted.kind() != ReadMode.Kind.STRONG) {
            try (Snapshot now = store.snapshot()) {
                Map<String, Table> all = catalogs.at(now).schemas().getOrDefault(KeyTables.SCHEMA, Map.of());
                Table one = table == null ? null : all.get(table);
                boolean open = table == null
                        ? all.values().stream().noneMatch(Table::isProtected)
                        : one != null && !one.isProtected();
                if (identity.admin() || open) {
                    return store.snapshot(wanted);
                }
            }
        }
        return store.snapshot();
    }

    /** As the command that sets it would have it. */
    static String text(ReadMode mode) {
        return mode.kind() + (mode.kind() == ReadMode.Kind.STALE ? " " + mode.staleMsMax() + "ms" : "");
    }
}
