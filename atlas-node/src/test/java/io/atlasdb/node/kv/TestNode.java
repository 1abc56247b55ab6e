package io.atlasdb.node.kv;

import io.atlasdb.node.clock.HybridClock;
import io.atlasdb.node.consensus.Configuration;
import io.atlasdb.node.consensus.Settings;
import io.atlasdb.node.replica.LogRecord;
import io.atlasdb.node.replica.MemoryJournal;
import io.atlasdb.node.replica.NoLink;
import io.atlasdb.node.replica.Replicas;
import io.atlasdb.node.storage.InMemoryStateMachine;
import io.atlasdb.sql.store.Store;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A node of one voter on a journal and a state machine in memory. */
final class TestNode implements AutoCloseable {
    final MemoryJournal journal;
    final Replicas replicas;
    final KvStore store;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    private TestNode(List<LogRecord> survived) {
        HybridClock clock = new HybridClock(System::currentTimeMillis);
        journal = new MemoryJournal(survived);
        Configuration.Voter self = new Configuration.Voter(1, 0);
        Configuration alone = new Configuration(List.of(self), 0, 0);
        store = new KvStore(1, clock, new NoLink(), group -> alone, new Random());
        replicas = Replicas.open(
                new Replicas.Options(self, Settings.DEFAULT, Replicas.threads(2, failure::set)),
                journal,
                version -> new InMemoryStateMachine(),
                store::applier,
                (node, group, message) -> {
                    throw new IllegalStateException("one voter sends nothing, but " + message);
                },
                clock);
        replicas.make(Store.SYSTEM_GROUP, alone);
        replicas.start();
        store.open(replicas);
    }

    /** Starts a node from what a journal held when the node before it died; nothing of its store survived. */
    static TestNode after(List<LogRecord> survived) {
        return new TestNode(survived);
    }

    static TestNode fresh() {
        return new TestNode(List.of());
    }

    @Override
    public void close() {
        store.close();
        replicas.close();
        Throwable thrown = failure.get();
        if (thrown != null) {
            throw new AssertionError("a loop failed", thrown);
        }
    }
}
