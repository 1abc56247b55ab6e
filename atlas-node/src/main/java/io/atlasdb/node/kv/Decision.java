package io.atlasdb.node.kv;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Writing a decision into the coordinator group and bringing it to the participants; used by commit and recovery alike. */
final class Decision {
    private Decision() {}

    /** Puts a command into a group's log; completes with what the group then knows, which may be an earlier decision. */
    static CompletableFuture<TxnRecord> write(KvStore store, long group, Command command) {
        CompletableFuture<TxnRecord> answer = new CompletableFuture<>();
        KvStore.whenReady(store.make(group), ready -> ready.propose(command, answer));
        return answer;
    }

    /** Brings an applied decision to every participant but the coordinator, and notes when nobody needs it any more. */
    static CompletableFuture<Void> resolve(
            KvStore store, TxnId txn, long coordinator, Collection<Long> participants, TxnRecord decision) {
        boolean commit = decision.state() == TxnRecord.State.COMMITTED;
        List<CompletableFuture<TxnRecord>> resolved = new ArrayList<>();
        for (long participant : participants) {
            if (participant != coordinator) {
                Command resolve = new Command.Resolve(txn, commit, decision.timestamp());
                resolved.add(write(store, participant, resolve));
            }
        }
        return CompletableFuture.allOf(resolved.toArray(CompletableFuture[]::new))
                .thenRun(() -> store.finished().add(txn, participants));
    }
}
