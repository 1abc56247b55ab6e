package io.atlasdb.node.kv;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.atlasdb.node.replica.Replica;
import io.atlasdb.sql.store.Commit;
import io.atlasdb.sql.store.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Groups that change their owner while they are written all the time. */
class HandOverTest {
    private static final long GROUP = 100;
    private static final int WRITERS = 12;

    private final TestCluster cluster = new TestCluster(3, 3, 1, 0);
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicLong written = new AtomicLong();

    @AfterEach
    void close() {
        ended.set(true);
        cluster.close();
    }

    @Test
    void aGroupUnderConstantWritesGoesWhereItIsSentAndNoWriteFails() throws Exception {
        put(1, "first", "1");
        CompletableFuture<Void> writers = write();
        for (int i = 0; i < 6; i++) {
            int from = 1 + i % 3;
            int to = 1 + (i + 1) % 3;
            long before = written.get();
            assertThat(letGo(from, to)).as("from node %s to %s", from, to).isTrue();
            await(() -> replica(to).isReady() && written.get() >= before + 2 * WRITERS);
        }
        ended.set(true);
        writers.get(30, TimeUnit.SECONDS);
    }

    @Test
    void itComesBackWhenTheHeirDoesNotTakeIt() throws Exception {
        put(1, "first", "1");
        CompletableFuture<Void> writers = write();
        cluster.cut(3, true);
        assertThat(letGo(1, 3)).isTrue();
        long before = written.get();
        long began = System.nanoTime();
        await(() -> written.get() >= before + 2 * WRITERS);
        assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(8));
        assertThat(replica(3).isReady()).isFalse();
        ended.set(true);
        cluster.cut(3, false);
        writers.get(30, TimeUnit.SECONDS);
    }

    @Test
    void itStaysWhenWhatIsOnItsWayDoesNotArrive() throws Exception {
        put(1, "first", "1");
        cluster.cut(2, true);
        cluster.cut(3, true);
        CompletableFuture<Long> stuck = put(1, "stuck");
        await(() -> on(1, Replica::hasTail));
        assertThat(letGo(1, 2)).isFalse();
        assertThat(letGo(1, 1)).as("to itself").isFalse();
        assertThat(letGo(1, 9)).as("to a stranger").isFalse();
        cluster.cut(2, false);
        cluster.cut(3, false);
        stuck.get(30, TimeUnit.SECONDS);
        put(2, "second", "2");
    }

    private boolean letGo(int from, int to) throws Exception {
        CompletableFuture<Boolean> outcome = new CompletableFuture<>();
        replica(from).execute(() -> replica(from).letGo(to, outcome::complete));
        return outcome.get(10, TimeUnit.SECONDS);
    }

    private boolean on(int node, Predicate<Replica> question) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        replica(node).execute(() -> answer.complete(question.test(replica(node))));
        return answer.join();
    }

    private Replica replica(int node) {
        return Objects.requireNonNull(cluster.node(node).replicas.find(GROUP));
    }

    /** Clients at every node, each writing again as soon as it is answered; fails when one is refused. */
    private CompletableFuture<Void> write() {
        List<CompletableFuture<Void>> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            int client = i;
            writers.add(CompletableFuture.runAsync(
                    () -> {
                        for (int j = 0; !ended.get(); j++) {
                            try {
                                put(client % 4 == 3 ? 2 : 1, "client" + client, "" + j);
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                            written.incrementAndGet();
                        }
                    },
                    task -> new Thread(task, "writer").start()));
        }
        return CompletableFuture.allOf(writers.toArray(CompletableFuture[]::new));
    }

    private void put(int node, String key, String value) throws Exception {
        put(node, key + "=" + value).get(20, TimeUnit.SECONDS);
    }

    private CompletableFuture<Long> put(int node, String what) {
        String[] parts = what.split("=");
        Write write = new Write(GROUP, parts[0].getBytes(UTF_8), parts[parts.length - 1].getBytes(UTF_8));
        return cluster.node(node)
                .store
                .commit(new Commit(Commit.BLIND, List.of(), List.of(write), List.of(), List.of()));
    }

    private void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("nothing goes on: " + cluster.state());
            }
            LockSupport.parkNanos(1_000_000);
        }
    }
}
