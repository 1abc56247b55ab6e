package io.atlasdb.node.kv;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlasdb.node.clock.HybridClock;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.Commit;
import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.Snapshot;
import io.atlasdb.sql.store.Store;
import io.atlasdb.sql.store.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What was there at a time of the past, over groups of several owners. */
class PastTest {
    private static final int ACCOUNTS = 6;

    @Test
    void aSnapshotOfThePastIsOneMomentOfAllGroupsAtEveryNode() throws Exception {
        try (TestCluster cluster = new TestCluster(3, 3, 1, 0)) {
            for (int i = 0; i < ACCOUNTS; i++) {
                write(cluster, 1 + i % 3, List.of(), List.of(put(i, 100)), Commit.BLIND);
            }
            AtomicBoolean ended = new AtomicBoolean();
            AtomicInteger moved = new AtomicInteger();
            List<CompletableFuture<Void>> movers = new ArrayList<>();
            for (int node = 1; node <= 3; node++) {
                int at = node;
                movers.add(CompletableFuture.runAsync(() -> {
                    Random random = new Random(at);
                    while (!ended.get()) {
                        move(cluster, at, random, moved);
                    }
                }));
            }
            List<Long> times = new ArrayList<>();
            while (times.size() < 20) {
                long before = moved.get();
                times.add(Store.timestampAt(System.currentTimeMillis()));
                for (int node = 1; node <= 3; node++) {
                    assertThat(sum(cluster, node, times.get(times.size() - 1))).isEqualTo(100 * ACCOUNTS);
                }
                while (moved.get() == before) {
                    Thread.onSpinWait();
                }
            }
            ended.set(true);
            CompletableFuture.allOf(movers.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
            for (long time : times) {
                List<String> first = values(cluster, 1, time);
                assertThat(values(cluster, 2, time)).isEqualTo(first);
                assertThat(values(cluster, 3, time)).isEqualTo(first);
            }
            assertThat(values(cluster, 1, times.get(0))).isNotEqualTo(values(cluster, 1, times.get(19)));
        }
    }

    @Test
    void whatIsOlderThanTheHistoryIsRefusedWithItsBeginning() {
        AtomicLong nowMs = new AtomicLong(TimeUnit.HOURS.toMillis(10));
        History history = new History(new HybridClock(nowMs::get), 0);
        long then = HybridClock.of(nowMs.get());
        history.checkPast(then);
        nowMs.addAndGet(TimeUnit.MINUTES.toMillis(30));
        assertThatThrownBy(() -> history.checkPast(then))
                .isInstanceOfSatisfying(
                        AtlasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SNAPSHOT_TOO_OLD))
                .hasMessageContaining("1970-01-01T10:20:00Z");
        assertThat(history.horizon(HybridClock.of(nowMs.get()))).isGreaterThan(then);
        history.keep(TimeUnit.HOURS.toMillis(1));
        history.checkPast(then);
        assertThat(history.horizon(HybridClock.of(nowMs.get()))).isLessThan(then);
        assertThatThrownBy(() -> history.checkTransaction(then)).isInstanceOf(AtlasException.class);
    }

    private static void move(TestCluster cluster, int node, Random random, AtomicInteger moved) {
        int from = random.nextInt(ACCOUNTS);
        int to = (from + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
        try (Snapshot snapshot = cluster.node(node).store.snapshot()) {
            int left = Integer.parseInt(value(snapshot, from)) - 1;
            int right = Integer.parseInt(value(snapshot, to)) + 1;
            List<KeyRange> read = List.of(KeyRange.of(group(from), key(from)), KeyRange.of(group(to), key(to)));
            write(cluster, node, read, List.of(put(from, left), put(to, right)), snapshot.timestamp());
            moved.incrementAndGet();
        } catch (Exception e) {
            Throwable cause = e instanceof java.util.concurrent.ExecutionException ? Router.unwrap(e.getCause()) : e;
            assertThat(cause).isInstanceOf(AtlasException.class);
        }
    }

    private static void write(TestCluster cluster, int node, List<KeyRange> read, List<Write> writes, long timestamp)
            throws Exception {
        cluster.node(node)
                .store
                .commit(new Commit(timestamp, read, writes, List.of(), List.of()))
                .get(30, TimeUnit.SECONDS);
    }

    private static int sum(TestCluster cluster, int node, long time) {
        return values(cluster, node, time).stream().mapToInt(Integer::parseInt).sum();
    }

    private static List<String> values(TestCluster cluster, int node, long time) {
        try (Snapshot snapshot = cluster.node(node).store.snapshotAt(time)) {
            List<String> values = new ArrayList<>();
            for (int i = 0; i < ACCOUNTS; i++) {
                values.add(value(snapshot, i));
            }
            return values;
        }
    }

    private static String value(Snapshot snapshot, int account) {
        byte[] value = snapshot.get(group(account), key(account));
        return value == null ? "none" : new String(value, UTF_8);
    }

    private static Write put(int account, int money) {
        return new Write(group(account), key(account), Integer.toString(money).getBytes(UTF_8));
    }

    private static long group(int account) {
        return 100 + account % 3;
    }

    private static byte[] key(int account) {
        return ("account" + account).getBytes(UTF_8);
    }
}
