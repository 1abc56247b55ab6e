package io.atlasdb.node.kv;

import io.atlasdb.node.blob.Referrers;
import io.atlasdb.node.consensus.Entry;
import io.atlasdb.node.replica.Replica;
import io.atlasdb.node.replica.Replicas;
import io.atlasdb.node.replica.StateMachine;
import io.atlasdb.sql.codec.References;
import io.atlasdb.sql.store.LargeValue;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/** Finds what rows and entries under way refer to outside of the rows. */
final class LargeReferences implements Referrers {
    private final Replicas replicas;

    LargeReferences(Replicas replicas) {
        this.replicas = replicas;
    }

    @Override
    public CompletableFuture<Void> underWay(BiConsumer<Long, LargeValue> sink) {
        List<CompletableFuture<Void>> looks = new ArrayList<>();
        for (Replica replica : replicas.all()) {
            CompletableFuture<Void> look = new CompletableFuture<>();
            looks.add(look);
            replica.execute(() -> {
                try {
                    look(replica, sink);
                    look.complete(null);
                } catch (RuntimeException e) {
                    look.completeExceptionally(e);
                }
            });
        }
        return CompletableFuture.allOf(looks.toArray(CompletableFuture[]::new));
    }

    private void look(Replica replica, BiConsumer<Long, LargeValue> sink) {
        long group = replica.group();
        for (Entry entry : replica.underWay()) {
            if (entry.kind() == Entry.Kind.COMMAND) {
                show(group, CommandCodec.decode(group, entry.payload()), sink);
            }
        }
        StateMachine machine = replicas.machine();
        machine.metaScan(group, TxnRecord.prefix(), (key, value) -> {
            TxnRecord record = TxnRecord.decode(value);
            if (record.state() == TxnRecord.State.PREPARED) {
                show(group, CommandCodec.decode(group, record.prepare()), sink);
            }
        });
    }

    private static void show(long group, Command command, BiConsumer<Long, LargeValue> sink) {
        List<Command.Put> puts = command instanceof Command.Write write
                ? write.puts()
                : command instanceof Command.Prepare prepare ? prepare.puts() : List.of();
        for (Command.Put put : puts) {
            References.of(put.key(), put.value()).forEach(value -> sink.accept(group, value));
        }
    }

    @Override
    public void applied(BiConsumer<Long, LargeValue> sink) {
        replicas.machine()
                .referring((group, key, value) ->
                        References.of(key, value).forEach(reference -> sink.accept(group, reference)));
    }
}
