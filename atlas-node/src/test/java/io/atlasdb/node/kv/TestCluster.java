package io.atlasdb.node.kv;

import io.atlasdb.node.clock.HybridClock;
import io.atlasdb.node.consensus.Configuration;
import io.atlasdb.node.consensus.Message;
import io.atlasdb.node.consensus.Settings;
import io.atlasdb.node.replica.Link;
import io.atlasdb.node.replica.MemoryJournal;
import io.atlasdb.node.replica.Replicas;
import io.atlasdb.node.storage.InMemoryStateMachine;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.Store;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Nodes in one process, each with a journal and a state machine in memory, joined by wires that can be cut. */
final class TestCluster implements AutoCloseable {
    private final SortedMap<Integer, Member> members = new ConcurrentSkipListMap<>();
    private final Map<Integer, Boolean> cut = new ConcurrentHashMap<>();
    /** By how much the wall clock of a node is ahead. */
    private final Map<Integer, Long> aheadMs = new ConcurrentHashMap<>();

    private final Configuration everybody;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    /** One node. */
    static final class Member {
        final int node;
        final KvStore store;
        final Replicas replicas;
        private final Wire wire;

        Member(int node, KvStore store, Replicas replicas, Wire wire) {
            this.node = node;
            this.store = store;
            this.replicas = replicas;
            this.wire = wire;
        }
    }

    /** Starts nodes 1 to {@code count}, {@code perZone} in each zone. */
    TestCluster(int count, int perZone, int fn, int fz) {
        List<Configuration.Voter> voters = new ArrayList<>();
        for (int node = 1; node <= count; node++) {
            voters.add(new Configuration.Voter(node, (node - 1) / perZone));
        }
        everybody = new Configuration(voters, fn, fz);
        voters.forEach(this::start);
        timer.scheduleWithFixedDelay(
                () -> members.values().forEach(member -> member.store.tick()), 100, 100, TimeUnit.MILLISECONDS);
    }

    private void start(Configuration.Voter self) {
        HybridClock clock = new HybridClock(() -> System.currentTimeMillis() + aheadMs.getOrDefault(self.node(), 0L));
        Wire wire = new Wire(self.node());
        KvStore store = new KvStore(self.node(), clock, wire, group -> everybody, new Random(self.node()));
        Replicas replicas = Replicas.open(
                new Replicas.Options(self, Settings.DEFAULT, Replicas.threads(2, failure::set)),
                new MemoryJournal(List.of()),
                version -> new InMemoryStateMachine(),
                store::applier,
                (node, group, message) -> wire.send(node, group, message),
                clock);
        replicas.exchangeSnapshots(wire, timer, self.node());
        replicas.make(Store.SYSTEM_GROUP, everybody);
        replicas.start();
        store.open(replicas);
        members.put(self.node(), new Member(self.node(), store, replicas, wire));
    }

    Member node(int node) {
        Member member = members.get(node);
        if (member == null) {
            throw new IllegalArgumentException("no node " + node);
        }
        return member;
    }

    /** Sets the wall clock of a node ahead of the others'. */
    void setAhead(int node, long ms) {
        aheadMs.put(node, ms);
    }

    /** Cuts a node off from all others, or joins it again. */
    void cut(int node, boolean off) {
        cut.put(node, off);
        if (!off) {
            members.values().forEach(member -> member.replicas.wake(node));
        }
    }

    private boolean isCut(int from, int to) {
        return from != to && (cut.getOrDefault(from, false) || cut.getOrDefault(to, false));
    }

    @Override
    public void close() {
        timer.shutdownNow();
        members.values().forEach(member -> member.store.close());
        members.values().forEach(member -> member.replicas.close());
        Throwable thrown = failure.get();
        if (thrown != null) {
            throw new AssertionError("a loop failed", thrown);
        }
    }

    /** One node's end of the wires. */
    private final class Wire implements Link {
        private final int self;
        private final Map<Service, Handler> handlers = new EnumMap<>(Service.class);

        Wire(int self) {
            this.self = self;
        }

        void send(int node, long group, Message message) {
            Member to = members.get(node);
            if (to != null && !isCut(self, node)) {
                to.replicas.receive(self, group, message);
            }
        }

        @Override
        public CompletableFuture<byte[]> call(int node, Service service, byte[] request, long timeoutMs) {
            Member to = members.get(node);
            if (to == null || isCut(self, node)) {
                return CompletableFuture.failedFuture(ErrorCode.UNREACHABLE.error(node, "it is cut off"));
            }
            CompletableFuture<byte[]> answer = new CompletableFuture<>();
            to.wire.handlers.get(service).handle(self, request).whenComplete((bytes, thrown) -> {
                if (isCut(self, node)) {
                    return; // the answer is lost
                }
                if (thrown == null) {
                    answer.complete(bytes);
                } else {
                    answer.completeExceptionally(thrown);
                }
            });
            timer.schedule(
                    () -> answer.completeExceptionally(ErrorCode.UNREACHABLE.error(node, "it did not answer")),
                    timeoutMs,
                    TimeUnit.MILLISECONDS);
            return answer;
        }

        @Override
        public void serve(Service service, Handler handler) {
            handlers.put(service, handler);
        }

        @Override
        public boolean isConnected(int node) {
            return members.containsKey(node) && !isCut(self, node);
        }

        @Override
        public long rttMicros(int node) {
            return 100;
        }
    }

    /** What every node thinks of every group; for messages. */
    String state() {
        StringBuilder state = new StringBuilder();
        for (Member member : members.values()) {
            member.replicas.all().forEach(replica -> {
                CompletableFuture<String> says = new CompletableFuture<>();
                replica.execute(() -> says.complete("\nnode " + member.node + " group " + replica.group() + " owner "
                        + replica.owner() + (replica.isReady() ? " ready" : "")
                        + (replica.isCampaigning() ? " campaigning" : "") + " applied "
                        + replica.applied().slot()));
                state.append(says.join());
            });
        }
        return state.toString();
    }

    /** The values of all keys of a group as a node sees them. */
    static SortedMap<String, String> rows(Member member, long group) {
        SortedMap<String, String> rows = new TreeMap<>();
        try (var snapshot = member.store.snapshot();
                var found = snapshot.scan(new io.atlasdb.sql.store.KeyRange(group, new byte[0], new byte[0]), false)) {
            while (found.next()) {
                rows.put(new String(found.key()), new String(found.value()));
            }
        }
        return rows;
    }
}
