package io.atlasdb.node.blob;

import io.atlasdb.sql.store.LargeValue;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/** Knows what this node's rows, and entries that are not applied, refer to. */
public interface Referrers {
    /** Of a node without groups. */
    Referrers NONE = new Referrers() {
        @Override
        public CompletableFuture<Void> underWay(BiConsumer<Long, LargeValue> sink) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void applied(BiConsumer<Long, LargeValue> sink) {}
    };

    /**
     * Shows, by group, what entries refer to that are accepted here and not applied, and transactions that are prepared. From
     * several threads.
     *
     * @return completes when all was shown
     */
    CompletableFuture<Void> underWay(BiConsumer<Long, LargeValue> sink);

    /** Shows, by group, what rows refer to, older versions too that a reader may ask for. */
    void applied(BiConsumer<Long, LargeValue> sink);
}
