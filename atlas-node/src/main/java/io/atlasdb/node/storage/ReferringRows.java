package io.atlasdb.node.storage;

import io.atlasdb.node.replica.StateMachine;
import io.atlasdb.sql.codec.References;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVStore;
import org.jspecify.annotations.Nullable;

/**
 * Which versions of rows refer to values outside of them, so that nobody has to walk all rows to know.
 *
 * <p>Invariant: the map names every such version that the current or the history map holds. It is changed under the lock that a
 * commit excludes, together with those.
 */
final class ReferringRows {
    private static final Long NOTHING = 0L;

    private ReferringRows() {}

    /** A version is put into the current map, in place of {@code old}. */
    static void put(StoreFile files, long group, byte[] key, Version now, @Nullable Version old) {
        if (References.isReferring(key, now.value())) {
            files.references().put(new VersionKey(group, key, now.version()), NOTHING);
        } else if (old != null && old.version() == now.version()) {
            removed(files, group, key, old);
        }
    }

    /** A version left current and history for good. */
    static void removed(StoreFile files, long group, byte[] key, @Nullable Version gone) {
        if (gone != null && References.isReferring(key, gone.value())) {
            files.references().remove(new VersionKey(group, key, gone.version()));
        }
    }

    /** Shows every version that refers to something; those that come or go meanwhile perhaps. */
    static void visit(StoreFile files, StateMachine.RowVisitor visitor) {
        MVStore.TxCounter usage = files.store().registerVersionUsage();
        try {
            Cursor<VersionKey, Long> cursor = new Cursor<>(files.references().getRoot(), null, null);
            while (cursor.hasNext()) {
                VersionKey at = cursor.next();
                // First current, then history: that is the way a version goes.
                Version version = files.current().get(new GroupKey(at.group(), at.key()));
                if (version == null || version.version() != at.version()) {
                    version = files.history().get(at);
                }
                byte[] value = version == null ? null : version.value();
                if (value != null && References.isReferring(at.key(), value)) {
                    visitor.visit(at.group(), at.key(), value);
                }
            }
        } finally {
            files.store().decrementVersionUsageCounter(usage);
        }
    }
}
