package io.atlasdb.node.kv;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.Commit;
import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.ReadMode;
import io.atlasdb.sql.store.Snapshot;
import io.atlasdb.sql.store.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The stores of several nodes together. */
class KvClusterTest {
    private static final int CUTS = Integer.getInteger("atlas.cuts", 3);

    private final TestCluster cluster = new TestCluster(3, 3, 1, 0);

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void whatOneNodeWritesEveryNodeReads() throws Exception {
        put(1, 100, "a", "1");
        for (int node = 1; node <= 3; node++) {
            assertThat(get(node, 100, "a")).isEqualTo("1");
        }
        put(2, 100, "a", "2");
        for (int node = 3; node >= 1; node--) {
            assertThat(get(node, 100, "a")).isEqualTo("2");
        }
    }

    @Test
    void aTransactionOverGroupsOfSeveralOwnersIsAtomic() throws Exception {
        for (int i = 0; i < 50; i++) {
            transact();
        }
    }

    private void transact() throws Exception {
        put(1, 100, "a", "1");
        put(2, 200, "b", "1");
        put(3, 300, "c", "1");
        try (Snapshot snapshot = cluster.node(3).store.snapshot()) {
            read(snapshot, 100, "a");
            read(snapshot, 300, "c");
            commit(
                    3,
                    new Commit(
                            snapshot.timestamp(),
                            List.of(KeyRange.of(100, bytes("a")), KeyRange.of(300, bytes("c"))),
                            List.of(write(100, "a", "2"), write(200, "b", "2")),
                            List.of(),
                            List.of()));
        }
        for (int node = 1; node <= 3; node++) {
            assertThat(get(node, 100, "a") + get(node, 200, "b") + get(node, 300, "c"))
                    .isEqualTo("221");
        }
    }

    @Test
    void anotherNodeTakesOverWhenTheOwnerIsCutOff() throws Exception {
        put(1, 100, "a", "1");
        cluster.cut(1, true);
        put(2, 100, "a", "2");
        assertThat(get(3, 100, "a")).isEqualTo("2");
        assertThatThrownBy(() -> put(1, 100, "a", "lost"))
                .isInstanceOfSatisfying(
                        AtlasException.class,
                        e -> assertThat(e.code()).isIn(ErrorCode.NO_QUORUM, ErrorCode.OUTCOME_UNKNOWN));
        assertThatThrownBy(() -> get(1, 100, "a")).isInstanceOfSatisfying(AtlasException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.NO_QUORUM);
            assertThat(e.getMessage()).contains("[2, 3]");
        });
        cluster.cut(1, false);
        assertThat(get(1, 100, "a")).isIn("2", "lost");
        assertThat(get(2, 100, "a")).isEqualTo(get(1, 100, "a"));
    }

    @Test
    void aStaleReadNeedsNoOwnerOnceItIsKnownWhereTheGroupIsClosed() throws Exception {
        put(1, 100, "a", "1");
        assertThat(get(2, 100, "a", ReadMode.stale(60_000))).isIn("none", "1");
        long written = commit(1, blind(100, "a", "2"));
        assertThat(get(2, 100, "a", ReadMode.session(written))).isEqualTo("2");
        cluster.cut(1, true);
        assertThat(get(2, 100, "a", ReadMode.session(written))).isEqualTo("2");
        assertThat(get(2, 100, "a", ReadMode.stale(60_000))).isIn("none", "1", "2");
    }

    @Test
    void moneyIsNeitherMadeNorLost() throws Exception {
        int accounts = 6;
        for (int i = 0; i < accounts; i++) {
            put(1 + i % 3, 100 + i % 3, "account" + i, "100");
        }
        AtomicInteger moved = new AtomicInteger();
        List<CompletableFuture<Void>> movers = new ArrayList<>();
        for (int node = 1; node <= 3; node++) {
            int at = node;
            movers.add(CompletableFuture.runAsync(() -> {
                Random random = new Random(at);
                for (int i = 0; i < 60; i++) {
                    move(at, random.nextInt(accounts), random.nextInt(accounts), moved);
                }
            }));
        }
        CompletableFuture<Void> all = CompletableFuture.allOf(movers.toArray(CompletableFuture[]::new));
        int seen = 0;
        while (!all.isDone() || seen == 0) {
            int sum = sum(1 + seen % 3, accounts);
            if (sum >= 0) {
                assertThat(sum).isEqualTo(100 * accounts);
                seen++;
            }
        }
        all.get(60, TimeUnit.SECONDS);
        assertThat(moved.get()).isPositive();
        int last = -1;
        while (last < 0) {
            last = sum(2, accounts);
        }
        assertThat(last).isEqualTo(100 * accounts);
    }

    @Test
    void moneyIsNeitherMadeNorLostWhileNodesAreCutOff() throws Exception {
        int accounts = 6;
        for (int i = 0; i < accounts; i++) {
            put(1 + i % 3, 100 + i % 3, "account" + i, "100");
        }
        AtomicInteger moved = new AtomicInteger();
        List<CompletableFuture<Void>> movers = new ArrayList<>();
        AtomicBoolean ended = new AtomicBoolean();
        for (int node = 1; node <= 3; node++) {
            int at = node;
            movers.add(CompletableFuture.runAsync(() -> {
                Random random = new Random(at);
                while (!ended.get()) {
                    move(at, random.nextInt(accounts), random.nextInt(accounts), moved);
                }
            }));
        }
        Random random = new Random(7);
        for (int i = 0; i < CUTS; i++) {
            int before = moved.get();
            int node = 1 + random.nextInt(3);
            cluster.cut(node, true);
            await(() -> moved.get() >= before + 3);
            cluster.cut(node, false);
            int joined = moved.get();
            await(() -> moved.get() >= joined + 3);
        }
        ended.set(true);
        CompletableFuture.allOf(movers.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
        for (int node = 1; node <= 3; node++) {
            int at = node;
            await(() -> sum(at, accounts) >= 0);
            int sum = -1;
            while (sum < 0) {
                sum = sum(node, accounts);
            }
            assertThat(sum).as("as node %s reads", node).isEqualTo(100 * accounts);
        }
    }

    private void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("nothing goes on: " + cluster.state());
            }
            Thread.onSpinWait();
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** The sum that a node reads; -1 when the read is told to start again. */
    private int sum(int node, int accounts) {
        try (Snapshot snapshot = cluster.node(node).store.snapshot()) {
            int sum = 0;
            List<KeyRange> ranges = new ArrayList<>();
            for (int i = 0; i < accounts; i++) {
                sum += Integer.parseInt(read(snapshot, 100 + i % 3, "account" + i));
                ranges.add(KeyRange.of(100 + i % 3, bytes("account" + i)));
            }
            if (snapshot.needsValidation()) {
                try {
                    commit(node, new Commit(snapshot.timestamp(), ranges, List.of(), List.of(), List.of()));
                } catch (AtlasException e) {
                    assertThat(e.code()).isEqualTo(ErrorCode.SERIALIZATION);
                    return -1;
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
            return sum;
        }
    }

    private void move(int node, int from, int to, AtomicInteger moved) {
        if (from == to) {
            return;
        }
        try (Snapshot snapshot = cluster.node(node).store.snapshot()) {
            long one = 100 + from % 3;
            long other = 100 + to % 3;
            int left = Integer.parseInt(read(snapshot, one, "account" + from)) - 1;
            int right = Integer.parseInt(read(snapshot, other, "account" + to)) + 1;
            commit(
                    node,
                    new Commit(
                            snapshot.timestamp(),
                            List.of(
                                    KeyRange.of(one, bytes("account" + from)),
                                    KeyRange.of(other, bytes("account" + to))),
                            List.of(write(one, "account" + from, "" + left), write(other, "account" + to, "" + right)),
                            List.of(),
                            List.of()));
            moved.incrementAndGet();
        } catch (AtlasException e) {
            assertThat(e.code())
                    .isIn(
                            ErrorCode.SERIALIZATION,
                            ErrorCode.OUTCOME_UNKNOWN,
                            ErrorCode.NO_QUORUM,
                            ErrorCode.BUSY,
                            ErrorCode.SNAPSHOT_TOO_OLD);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void put(int node, long group, String key, String value) throws Exception {
        commit(node, blind(group, key, value));
    }

    private static Commit blind(long group, String key, String value) {
        return new Commit(Commit.BLIND, List.of(), List.of(write(group, key, value)), List.of(), List.of());
    }

    private String get(int node, long group, String key, ReadMode mode) {
        try (Snapshot snapshot = cluster.node(node).store.snapshot(mode)) {
            return read(snapshot, group, key);
        }
    }

    private long commit(int node, Commit commit) throws Exception {
        try {
            return cluster.node(node).store.commit(commit).get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw Router.unwrap(e.getCause()) instanceof AtlasException known ? known : e;
        } catch (TimeoutException e) {
            throw new AssertionError("a commit hangs", e);
        }
    }

    private String get(int node, long group, String key) {
        try (Snapshot snapshot = cluster.node(node).store.snapshot()) {
            return read(snapshot, group, key);
        }
    }

    private static String read(Snapshot snapshot, long group, String key) {
        byte[] value = snapshot.get(group, bytes(key));
        return value == null ? "none" : new String(value, UTF_8);
    }

    private static Write write(long group, String key, String value) {
        return new Write(group, bytes(key), bytes(value));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
