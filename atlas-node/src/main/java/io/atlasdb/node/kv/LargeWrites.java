package io.atlasdb.node.kv;

import io.atlasdb.node.blob.Blobs;
import io.atlasdb.node.consensus.Configuration;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.codec.References;
import io.atlasdb.sql.store.LargeValue;
import io.atlasdb.sql.store.LargeValues;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction that refers to values outside of its rows has to wait for before it goes to the owners, and what they check:
 * that a phase-2 quorum of the group's members has them on disk.
 */
final class LargeWrites {
    private LargeWrites() {}

    /**
     * Brings what the parts refer to to the members of their groups.
     *
     * @return null when they refer to nothing; else completes when each part knows who holds its values
     */
    static @Nullable CompletableFuture<Void> spread(LargeValues values, SortedMap<Long, Part> parts) {
        List<CompletableFuture<Void>> spreads = new ArrayList<>();
        parts.forEach((group, part) -> {
            Set<LargeValue> referred = new LinkedHashSet<>();
            for (Command.Put put : part.puts) {
                if (References.isReferring(put.key(), put.value())) {
                    referred.addAll(References.of(put.key(), put.value()));
                }
            }
            if (!referred.isEmpty()) {
                spreads.add(
                        values instanceof Blobs blobs
                                ? blobs.spread(group, referred).thenAccept(holders -> part.holders = holders)
                                : CompletableFuture.failedFuture(
                                        ErrorCode.UNSUPPORTED.error("a value outside of its row")));
            }
        });
        return spreads.isEmpty() ? null : CompletableFuture.allOf(spreads.toArray(CompletableFuture[]::new));
    }

    /** Why the owner must not take a part: its values are not where this configuration needs them. Null when it may. */
    static @Nullable AtlasException refusal(Part part, @Nullable Configuration members) {
        for (Command.Put put : part.puts) {
            if (References.isReferring(put.key(), put.value())) {
                return members != null && members.isPhase2(part.holders)
                        ? null
                        : ErrorCode.SERIALIZATION.error(
                                "the members of its group changed while a large value was brought to them");
            }
        }
        return null;
    }
}
