package io.atlasdb.node.kv;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlasdb.node.clock.HybridClock;
import io.atlasdb.node.consensus.Entry;
import io.atlasdb.node.replica.Replica;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.Commit;
import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.Retention;
import io.atlasdb.sql.store.Snapshot;
import io.atlasdb.sql.store.Write;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Ways around a retained record in a cluster: other nodes, other owners, other clocks, entries that no owner writes. */
class RetentionClusterTest {
    private static final long HOUR_MS = 3_600_000;
    private static final long CENTURY_MS = 100 * 365L * 24 * HOUR_MS;
    private static final long GROUP = 100;
    private static final byte[] DESCRIPTOR = {1, 7};

    private final TestCluster cluster = new TestCluster(3, 3, 1, 0);

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void noNodeChangesOrRemovesIt() throws Exception {
        retain(1);
        for (int node = 3; node >= 1; node--) {
            refused(node, put("a", "2", Retention.NONE));
            refused(node, remove("a"));
            refused(node, put("a", "1", Retention.until(0)));
            refusedWhatWasRead(node);
        }
        assertKept();
    }

    private void refusedWhatWasRead(int node) {
        try (Snapshot snapshot = cluster.node(node).store.snapshot()) {
            assertThat(snapshot.get(GROUP, key("a"))).isNotNull();
            refused(
                    node,
                    new Commit(
                            snapshot.timestamp(),
                            List.of(KeyRange.of(GROUP, key("a"))),
                            List.of(put("a", "2", Retention.NONE)),
                            List.of(),
                            List.of()));
        }
    }

    @Test
    void aTransactionOverGroupsDoesNotChangeItNorAnythingElse() throws Exception {
        retain(1);
        commit(2, blind(write(200, "b", "1")));
        for (int node = 1; node <= 3; node++) {
            refused(node, blind(write(200, "b", "2"), put("a", "2", Retention.NONE)));
            refused(node, blind(write(99, "b", "2"), remove("a"), write(200, "b", "2")));
            refused(
                    node,
                    new Commit(Commit.BLIND, List.of(), List.of(write(200, "b", "2")), List.of(), List.of(GROUP)));
            assertThat(text(node, 200, "b")).isEqualTo("1");
            assertThat(text(node, 99, "b")).isNull();
        }
        assertKept();
        commit(3, blind(write(200, "b", "2"), put("a", "1", until(CENTURY_MS))));
        assertThat(text(1, 200, "b")).isEqualTo("2");
        refused(1, put("a", "1", until(HOUR_MS)));
    }

    @Test
    void thePeriodOfATransactionOverGroupsIsCountedByTheOwnersToo() throws Exception {
        cluster.setAhead(3, CENTURY_MS);
        long before = System.currentTimeMillis();
        commit(1, blind(put("b", "1", Retention.NONE), write(200, "b", "1")));
        commit(2, blind(put("a", "1", Retention.pending(Long.MIN_VALUE, 0, HOUR_MS)), write(200, "b", "2")));
        long after = System.currentTimeMillis();
        assertThat(Retention.of(Objects.requireNonNull(value(1, GROUP, "a"))).untilMs())
                .isBetween(before + HOUR_MS, after + HOUR_MS);
        refused(2, remove("a"));
    }

    @Test
    void anotherOwnerRefusesAsWell() throws Exception {
        retain(1);
        cluster.cut(1, true);
        refused(2, put("a", "2", Retention.NONE));
        refused(3, remove("a"));
        cluster.cut(1, false);
        refused(1, remove("a"));
        assertKept();
    }

    @Test
    void aRequestThatIsSentAgainToAnotherOwnerIsRefusedAgain() throws Exception {
        retain(1);
        TxnId id = new TxnId(9, cluster.node(1).store.clock().next());
        Request overwrite = request(id, put("a", "2", Retention.NONE));
        TxnId second = new TxnId(9, cluster.node(1).store.clock().next());
        Request longer = request(second, put("a", "1", Retention.pending(Long.MIN_VALUE, 0, 2 * CENTURY_MS)));
        refused(cluster.node(2).store.ask(GROUP, overwrite));
        Answer first = cluster.node(2).store.ask(GROUP, longer).get(30, TimeUnit.SECONDS);
        Retention until = Retention.of(Objects.requireNonNull(value(2, GROUP, "a")));
        cluster.cut(1, true);
        refused(cluster.node(2).store.ask(GROUP, overwrite));
        Answer again = cluster.node(3).store.ask(GROUP, longer).get(30, TimeUnit.SECONDS);
        assertThat(again.timestamp()).isEqualTo(first.timestamp());
        assertThat(Retention.of(Objects.requireNonNull(value(2, GROUP, "a")))).isEqualTo(until);
        cluster.cut(1, false);
        assertKept();
    }

    private static Request request(TxnId id, Write write) {
        Part part = new Part();
        part.puts.add(new Command.Put(write.key(), write.value()));
        return new Request.Write(id, Commit.BLIND, part);
    }

    /** Timestamps of a node whose clock is ahead pull those of the owner along, but the owner goes by its own wall clock. */
    @Test
    void aClockThatIsAheadDoesNotEndItsTime() throws Exception {
        retain(1);
        cluster.setAhead(3, CENTURY_MS);
        try (Snapshot snapshot = cluster.node(3).store.snapshot()) {
            assertThat(snapshot.get(GROUP, key("a"))).isNotNull();
            assertThat(HybridClock.millis(snapshot.timestamp())).isGreaterThan(System.currentTimeMillis() + HOUR_MS);
        }
        long written = commit(3, blind(put("b", "1", Retention.NONE)));
        assertThat(HybridClock.millis(written)).isGreaterThan(System.currentTimeMillis() + HOUR_MS);
        for (int node : new int[] {1, 3}) {
            refused(node, put("a", "2", Retention.NONE));
            refused(node, remove("a"));
            refused(node, blind(remove("a"), write(200, "b", "1")));
        }
        // Of a node that is not ahead such an owner says that its requests are too old: no success either.
        assertThatThrownBy(() -> commit(2, blind(remove("a")))).isInstanceOf(AtlasException.class);
        commit(3, blind(put("c", "1", Retention.pending(Long.MIN_VALUE, 0, HOUR_MS))));
        assertThat(Retention.of(Objects.requireNonNull(value(1, GROUP, "c"))).untilMs())
                .isLessThan(System.currentTimeMillis() + 2 * HOUR_MS);
        assertKept();
    }

    /** Entries that are put into the log past every check: each replica leaves them without effect, by itself. */
    @Test
    void anEntryThatNoOwnerWritesHasNoEffectAnywhere() throws Exception {
        byte[] version = {0, 0, 0, 0, 0, 0, 0, 1};
        commit(1, blind(new Write(GROUP, DESCRIPTOR, version)));
        retain(1);
        List<Command.Put> overwrite = List.of(new Command.Put(key("a"), "2".getBytes(UTF_8)), put("x"));
        List<Command.Put> remove = List.of(put("x"), new Command.Put(key("a"), null));
        List<Command.Put> shorten =
                List.of(new Command.Put(key("a"), Retention.pending(0, 0, 1).on("1".getBytes(UTF_8))), put("x"));
        List<Command.Put> undescribe = List.of(put("x"), new Command.Put(DESCRIPTOR, null));
        TxnId request = new TxnId(9, cluster.node(1).store.clock().next());
        for (List<Command.Put> puts : List.of(overwrite, remove, shorten, undescribe)) {
            assertThat(forge(new Command.Write(null, puts))).isFalse();
            assertThat(forge(new Command.Write(request, puts))).isFalse();
            TxnId txn = new TxnId(9, cluster.node(1).store.clock().next());
            forge(new Command.Prepare(txn, GROUP, List.of(GROUP), List.of(), puts, false));
            forge(new Command.Decide(txn, true, Long.MAX_VALUE >> 1));
        }
        TxnId txn = new TxnId(9, cluster.node(1).store.clock().next());
        forge(new Command.Prepare(txn, GROUP, List.of(GROUP), List.of(), List.of(), true));
        forge(new Command.Decide(txn, true, cluster.node(1).store.clock().next()));
        long last = commit(1, blind(put("last", "1", Retention.NONE)));
        for (int node = 1; node <= 3; node++) {
            KvStore store = cluster.node(node).store;
            until(() -> store.settledHere(GROUP) >= last);
            assertThat(store.machine().get(GROUP, key("a"), Long.MAX_VALUE))
                    .isEqualTo(cluster.node(1).store.machine().get(GROUP, key("a"), Long.MAX_VALUE));
            assertThat(store.machine().get(GROUP, key("x"), Long.MAX_VALUE)).isNull();
            assertThat(store.machine().get(GROUP, DESCRIPTOR, Long.MAX_VALUE)).isEqualTo(version);
            assertThat(store.machine().meta(GROUP, KvApplier.DROPPED)).isNull();
        }
        assertKept();
        assertThat(forge(new Command.Write(request, List.of(put("x"))))).isTrue();
    }

    /** A record that becomes retained under a lock, which no owner lets happen, is left out when the transaction is resolved. */
    @Test
    void whatWasPreparedBeforeDoesNotChangeIt() throws Exception {
        commit(1, blind(put("a", "0", Retention.NONE)));
        TxnId txn = new TxnId(9, cluster.node(1).store.clock().next());
        List<Command.Put> puts = List.of(put("x"), new Command.Put(key("a"), null));
        forge(new Command.Prepare(txn, GROUP, List.of(GROUP), List.of(), puts, true));
        forge(new Command.Write(
                null, List.of(new Command.Put(key("a"), until(CENTURY_MS).on("1".getBytes(UTF_8))))));
        forge(new Command.Decide(txn, true, cluster.node(1).store.clock().next()));
        for (int node = 1; node <= 3; node++) {
            KvStore store = cluster.node(node).store;
            until(() -> store.machine().get(GROUP, key("x"), Long.MAX_VALUE) != null);
            assertThat(store.machine().get(GROUP, key("a"), Long.MAX_VALUE)).isNotNull();
            assertThat(store.machine().meta(GROUP, KvApplier.DROPPED)).isNull();
        }
        assertKept();
    }

    /** Puts an entry into the log of the group at its owner; whether it took effect. */
    private boolean forge(Command command) throws Exception {
        Replica replica =
                Objects.requireNonNull(cluster.node(1).store.find(GROUP)).replica();
        CompletableFuture<Long> proposed = new CompletableFuture<>();
        CompletableFuture<Void> applied = new CompletableFuture<>();
        replica.execute(() -> {
            Entry entry = replica.propose(Entry.Kind.COMMAND, replica.nextTimestamp(), CommandCodec.encode(command));
            replica.whenApplied(entry.slot(), () -> applied.complete(null));
            proposed.complete(entry.timestamp());
        });
        applied.get(30, TimeUnit.SECONDS);
        long timestamp = proposed.get();
        return cluster.node(1).store.machine().newestVersion(GROUP, key("x")) == timestamp;
    }

    private static Command.Put put(String name) {
        return new Command.Put(key(name), "1".getBytes(UTF_8));
    }

    private static void until(BooleanSupplier condition) {
        long giveUpNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(giveUpNs);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private void retain(int node) throws Exception {
        commit(node, blind(put("a", "1", until(HOUR_MS))));
    }

    private void assertKept() {
        for (int node = 1; node <= 3; node++) {
            assertThat(text(node, GROUP, "a")).isEqualTo("1");
        }
    }

    private static Retention until(long fromNowMs) {
        return Retention.until(System.currentTimeMillis() + fromNowMs);
    }

    private static byte[] key(String name) {
        byte[] key = ("___" + name).getBytes(UTF_8);
        key[0] = 3;
        key[1] = 7;
        key[2] = 0;
        return key;
    }

    private static Write put(String name, String value, Retention until) {
        return new Write(GROUP, key(name), until.on(value.getBytes(UTF_8)));
    }

    private static Write write(long group, String name, String value) {
        return new Write(group, key(name), value.getBytes(UTF_8));
    }

    private static Write remove(String name) {
        return new Write(GROUP, key(name), null);
    }

    private static Commit blind(Write... writes) {
        return new Commit(Commit.BLIND, List.of(), Arrays.asList(writes), List.of(), List.of());
    }

    private void refused(int node, Write write) {
        refused(node, blind(write));
    }

    private void refused(int node, Commit commit) {
        assertThatThrownBy(() -> commit(node, commit))
                .isInstanceOfSatisfying(
                        AtlasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.RETAINED));
    }

    private static void refused(CompletableFuture<Answer> asked) {
        assertThatThrownBy(() -> asked.get(30, TimeUnit.SECONDS))
                .satisfies(e -> assertThat(Router.unwrap(Objects.requireNonNull(e.getCause())))
                        .isInstanceOfSatisfying(
                                AtlasException.class,
                                known -> assertThat(known.code()).isEqualTo(ErrorCode.RETAINED)));
    }

    /** Whoever lost an owner tries until the next one is there. */
    private long commit(int node, Commit commit) throws Exception {
        while (true) {
            try {
                return cluster.node(node).store.commit(commit).get(30, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                Throwable cause = Router.unwrap(Objects.requireNonNull(e.getCause()));
                if (!(cause instanceof AtlasException known) || known.code() != ErrorCode.SERIALIZATION) {
                    throw cause instanceof AtlasException known ? known : e;
                }
            } catch (TimeoutException e) {
                throw new AssertionError("a commit hangs", e);
            }
        }
    }

    private byte @Nullable [] value(int node, long group, String name) {
        try (Snapshot snapshot = cluster.node(node).store.snapshot()) {
            return snapshot.get(group, key(name));
        }
    }

    private @Nullable String text(int node, long group, String name) {
        byte[] value = value(node, group, name);
        return value == null ? null : new String(Retention.body(value), UTF_8);
    }
}
