package io.atlasdb.node.kv;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.Commit;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;

/** The commit of a transaction that wrote nothing and read what may be older than itself. */
final class ReadCheck {
    private ReadCheck() {}

    /** Whether what was read at several owners was all there at one moment, after the transaction began. */
    static CompletableFuture<Long> run(KvStore store, Commit commit, SortedMap<Long, Part> parts) {
        List<CompletableFuture<Answer>> unchanged = new ArrayList<>();
        parts.forEach((group, part) -> {
            if (!part.ranges.isEmpty()) {
                unchanged.add(store.ask(group, new Request.Unchanged(commit.timestamp(), part.ranges)));
            }
        });
        return CompletableFuture.allOf(unchanged.toArray(CompletableFuture[]::new))
                .thenApply(all -> {
                    if (unchanged.stream().anyMatch(one -> one.join().timestamp() == 0)) {
                        throw ErrorCode.SERIALIZATION.error("what it read was changed meanwhile");
                    }
                    return commit.timestamp();
                });
    }
}
