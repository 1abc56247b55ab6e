package io.atlasdb.node.kv;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Two-phase commit of one transaction over several groups: STAGING in the coordinator group and PREPARE in the others go out
 * together; when all are applied as valid the transaction is committed, at the largest of their timestamps, and the client is
 * told. COMMIT or ABORT and the resolution of the others follow.
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

    /** Completes with the commit timestamp once every part is durable and applied at its owner. */
    CompletableFuture<Long> run() {
        List<Long> participants = List.copyOf(parts.keySet());
        List<CompletableFuture<Answer>> prepared = new ArrayList<>();
        parts.forEach((id, part) ->
                prepared.add(store.ask(id, new Request.Prepare(prepare(id, part, participants), timestamp, part))));
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

    private CompletableFuture<Long> decide(List<CompletableFuture<Answer>> prepared, @Nullable Throwable failure) {
        if (failure != null) {
            return giveUp(refusal(prepared, failure));
        }
        long commit = 0;
        boolean valid = true;
        for (CompletableFuture<Answer> one : prepared) {
            TxnRecord record = Objects.requireNonNull(one.join().record(), "the answer to a PREPARE");
            commit = Math.max(commit, record.timestamp());
            valid &= record.state() == TxnRecord.State.PREPARED || record.state() == TxnRecord.State.COMMITTED;
        }
        if (!valid) {
            return giveUp(ErrorCode.SERIALIZATION.error("another node ended the transaction"));
        }
        // From here on nobody can write anything but this COMMIT; the owners see to it if this node does not.
        long timestampOfCommit = commit;
        CompletableFuture<Void> resolved = end(new Command.Decide(txn, true, commit));
        // Schemas are read without asking for locks: a change of them is told when it can be seen.
        return parts.containsKey(Store.SYSTEM_GROUP)
                ? resolved.handle((done, failed) -> timestampOfCommit)
                : CompletableFuture.completedFuture(timestampOfCommit);
    }

    /** A refusal that a participant wrote into its log is final; anything else leaves the outcome to be found out. */
    private CompletableFuture<Long> giveUp(AtlasException refusal) {
        CompletableFuture<TxnRecord> decided = decided(new Command.Decide(txn, false, 0));
        return decided.handle((record, failure) -> {
            if (failure != null) {
                boolean refused = refusal.code() == ErrorCode.SERIALIZATION
                        || refusal.code() == ErrorCode.SCHEMA_CHANGED
                        || refusal.code() == ErrorCode.RETAINED;
                throw refused ? refusal : ErrorCode.OUTCOME_UNKNOWN.error(refusal.getMessage());
            }
            TxnRecovery.resolve(store, txn, coordinator, parts.keySet(), record);
            if (record.state() == TxnRecord.State.COMMITTED) {
                return record.timestamp();
            }
            throw refusal;
        });
    }

    /** Writes the decision and brings it to the participants. */
    private CompletableFuture<Void> end(Command.Decide decision) {
        return decided(decision)
                .thenCompose(record -> TxnRecovery.resolve(store, txn, coordinator, parts.keySet(), record))
                .thenRun(() -> store.told(coordinator, txn));
    }

    private CompletableFuture<TxnRecord> decided(Command.Decide decision) {
        return TxnRecovery.ask(store, coordinator, decision);
    }

    private static AtlasException refusal(List<CompletableFuture<Answer>> prepared, Throwable failure) {
        Throwable cause = failure;
        for (CompletableFuture<Answer> one : prepared) {
            if (one.isCompletedExceptionally()) {
                cause = one.handle((answer, thrown) -> thrown).join();
                if (unwrap(cause) instanceof AtlasException known && known.code() == ErrorCode.SERIALIZATION) {
                    break;
                }
            }
        }
        return unwrap(cause) instanceof AtlasException known ? known : ErrorCode.INTERNAL.error(cause, "in a commit");
    }

    private static Throwable unwrap(Throwable thrown) {
        return thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
    }
}
