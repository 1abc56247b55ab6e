package io.atlasdb.node.kv;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.KeyRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Two-phase commit of one transaction over several groups: STAGING in the coordinator group and PREPARE in the others go out
 * together; when all are applied as valid, COMMIT with the largest of their timestamps; else ABORT; then the resolution of
 * the others.
 */
final class CrossGroup {
    private final KvStore store;
    private final TxnId txn;
    private final long timestamp;
    private final SortedMap<Long, Part> parts;
    private final long coordinator;

    CrossGroup(KvStore store, TxnId txn, long timestamp, SortedMap<Long, Part> parts) {
        this.store = store;
        this.txn = txn;
        this.timestamp = timestamp;
        this.parts = parts;
        this.coordinator = parts.entrySet().stream()
                .filter(part -> part.getValue().writes())
                .mapToLong(Map.Entry::getKey)
                .findFirst()
                .orElseGet(parts::firstKey);
    }

    /** Completes with the commit timestamp once COMMIT is durable and applied. */
    CompletableFuture<Long> run() {
        List<Long> participants = List.copyOf(parts.keySet());
        List<CompletableFuture<TxnRecord>> prepared = new ArrayList<>();
        parts.forEach((id, part) -> {
            CompletableFuture<TxnRecord> answer = new CompletableFuture<>();
            prepared.add(answer);
            Command.Prepare prepare = prepare(id, part, participants);
            KvStore.whenReady(store.make(id), group -> group.prepare(prepare, timestamp, part, answer));
        });
        return CompletableFuture.allOf(prepared.toArray(CompletableFuture[]::new))
                .handle((all, failure) -> decide(prepared, failure))
                .thenCompose(decided -> decided);
    }

    private Command.Prepare prepare(long group, Part part, List<Long> participants) {
        List<KeyRange> ranges = new ArrayList<>(part.ranges);
        // Until the decision no other transaction may change the schema that this one was planned with.
        part.guards.forEach(guard -> ranges.add(KeyRange.of(group, guard.key())));
        List<Long> listed = group == coordinator ? participants : List.of();
        return new Command.Prepare(txn, coordinator, listed, ranges, part.puts, part.drop);
    }

    private CompletableFuture<Long> decide(List<CompletableFuture<TxnRecord>> prepared, @Nullable Throwable failure) {
        if (failure != null) {
            return Decision.write(store, coordinator, new Command.Decide(txn, false, 0))
                    .thenCompose(record -> {
                        resolve(record);
                        return CompletableFuture.failedFuture(unwrap(failure));
                    });
        }
        long commit = 0;
        for (CompletableFuture<TxnRecord> one : prepared) {
            commit = Math.max(commit, one.join().timestamp());
        }
        boolean valid = prepared.stream().allMatch(one -> one.join().state() == TxnRecord.State.PREPARED);
        return Decision.write(store, coordinator, new Command.Decide(txn, valid, commit))
                .thenCompose(record -> {
                    resolve(record);
                    return record.state() == TxnRecord.State.COMMITTED
                            ? CompletableFuture.completedFuture(record.timestamp())
                            : CompletableFuture.failedFuture(
                                    ErrorCode.SERIALIZATION.error("another node ended the transaction"));
                });
    }

    private void resolve(TxnRecord decision) {
        Decision.resolve(store, txn, coordinator, parts.keySet(), decision);
    }

    private static AtlasException unwrap(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof AtlasException known ? known : ErrorCode.INTERNAL.error(cause, "in a commit");
    }
}
