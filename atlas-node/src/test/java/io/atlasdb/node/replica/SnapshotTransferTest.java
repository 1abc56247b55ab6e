package io.atlasdb.node.replica;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.atlasdb.node.clock.HybridClock;
import io.atlasdb.node.consensus.Configuration;
import io.atlasdb.node.consensus.Configuration.Voter;
import io.atlasdb.node.consensus.Entry;
import io.atlasdb.node.consensus.Settings;
import io.atlasdb.node.storage.InMemoryStateMachine;
import io.atlasdb.node.storage.StateHash;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Groups that come to nodes which lack entries that nobody keeps. */
class SnapshotTransferTest {
    private static final long GROUP = 5;
    private static final Settings FORGETFUL = new Settings(0, 50, 1 << 16, 64, 1_000);

    private final MemoryLinks links = new MemoryLinks();
    private final ExecutorService disk = Executors.newSingleThreadExecutor();
    private final Map<Integer, TestNode> nodes = new HashMap<>();

    /** A node whose journal and store outlive it. */
    private final class TestNode {
        final int number;
        final MemoryJournal journal;
        final InMemoryStateMachine machine;
        final Replicas replicas;

        TestNode(int number, List<LogRecord> survived, InMemoryStateMachine machine) {
            this.number = number;
            this.journal = new MemoryJournal(survived);
            this.machine = machine;
            HybridClock clock = new HybridClock(System::currentTimeMillis);
            replicas = Replicas.open(
                    new Replicas.Options(new Voter(number, 0), FORGETFUL, Replicas.threads(1, failure -> {})),
                    journal,
                    version -> machine,
                    any -> new Keys(),
                    links.network(number),
                    clock);
            replicas.exchangeSnapshots(links.link(number), disk, System.nanoTime());
            links.add(number, replicas);
            replicas.start();
            nodes.put(number, this);
        }

        TestNode restarted() {
            kill();
            return new TestNode(number, journal.records(), machine);
        }

        void kill() {
            links.remove(number);
            replicas.close();
            nodes.remove(number);
        }

        Replica group() {
            return java.util.Objects.requireNonNull(replicas.find(GROUP));
        }

        <T> T on(java.util.function.Function<Replica, T> question) {
            CompletableFuture<T> answer = new CompletableFuture<>();
            group().execute(() -> answer.complete(question.apply(group())));
            return answer.orTimeout(10, TimeUnit.SECONDS).join();
        }

        void write(int count) {
            long last = on(replica -> {
                long slot = 0;
                for (int i = 0; i < count; i++) {
                    String text = "k" + replica.nextTimestamp() % 400 + "=" + i;
                    slot = replica.propose(Entry.Kind.COMMAND, replica.nextTimestamp(), text.getBytes(UTF_8))
                            .slot();
                }
                return slot;
            });
            await(() -> group().applied().slot() >= last);
        }

        void configure(List<Integer> voters, List<Integer> learners) {
            on(replica -> replica.reconfigure(new Configuration(zone(voters), zone(learners), 1, 0)));
        }
    }

    private static List<Voter> zone(List<Integer> members) {
        return members.stream().map(member -> new Voter(member, 0)).toList();
    }

    /** Entries of the form key=value. */
    private static final class Keys implements Applier {
        @Override
        public Applied apply(long group, Entry entry) {
            String[] pair = new String(entry.payload(), UTF_8).split("=");
            return new Applied(
                    List.of(
                            new Mutation(
                                    Mutation.Space.ROWS,
                                    pair[0].getBytes(UTF_8),
                                    entry.timestamp(),
                                    pair[1].getBytes(UTF_8)),
                            new Mutation(Mutation.Space.META, new byte[] {'n'}, 0, entry.payload())),
                    "");
        }

        @Override
        public void applied(long group, Entry entry, Object outcome) {}
    }

    @AfterEach
    void end() {
        new ArrayList<>(nodes.values()).forEach(TestNode::kill);
        disk.shutdown();
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            Thread.onSpinWait();
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
        }
    }

    private TestNode owner() {
        TestNode first = new TestNode(1, List.of(), new InMemoryStateMachine());
        first.replicas.make(GROUP, new Configuration(zone(List.of(1)), 1, 0));
        first.group().execute(() -> first.group().campaign());
        await(first.group()::isReady);
        return first;
    }

    private void assertEqual(TestNode a, TestNode b) {
        await(() -> a.group().applied().equals(b.group().applied()));
        long now = a.group().applied().timestamp();
        assertThat(StateHash.of(b.machine, GROUP, now)).isEqualTo(StateHash.of(a.machine, GROUP, now));
    }

    @Test
    void aLearnerTakesWhatIsNoLongerKeptAndTheRestAsEntries() {
        TestNode one = owner();
        one.write(3_000);
        TestNode two = new TestNode(2, List.of(), new InMemoryStateMachine());
        one.configure(List.of(1), List.of(2));
        one.write(1_000);
        await(() -> two.replicas.find(GROUP) != null && two.group().applied().slot() > 3_000);
        one.write(100);
        assertEqual(one, two);
        assertThat(two.machine.installation(GROUP)).isNotNull().matches(Installation::complete);
        one.configure(List.of(1, 2), List.of());
        await(() -> two.group().configuration() != null
                && two.group().configuration().hasVoter(2));
        one.write(10);
        assertEqual(one, two);
        assertThat(two.replicas.snapshots()).isEmpty();
    }

    @Test
    void aVoterThatSleptTakesOnlyWhatChanged() {
        TestNode one = owner();
        new TestNode(2, List.of(), new InMemoryStateMachine());
        new TestNode(3, List.of(), new InMemoryStateMachine());
        one.configure(List.of(1), List.of(2, 3));
        one.write(500);
        assertEqual(one, nodes.get(2));
        assertEqual(one, nodes.get(3));
        one.configure(List.of(1, 2, 3), List.of());
        one.write(10);
        assertEqual(one, nodes.get(3));
        TestNode three = nodes.get(3);
        links.cut(3);
        one.write(2_000);
        assertEqual(one, nodes.get(2));
        links.heal(3);
        assertEqual(one, three);
        long floor = three.machine.floor(GROUP);
        assertThat(floor).as("it came by a snapshot").isPositive();
    }

    @Test
    void aTransferThatIsCutGoesOnWhereItWas() {
        TestNode one = owner();
        one.write(3_000);
        AtomicInteger calls = new AtomicInteger();
        links.refuse((to, service) -> service == Link.Service.SNAPSHOT && calls.incrementAndGet() % 2 == 0);
        TestNode two = new TestNode(2, List.of(), new InMemoryStateMachine());
        one.configure(List.of(1), List.of(2));
        one.write(10);
        await(() -> two.replicas.find(GROUP) != null && two.group().applied().slot() > 3_000);
        assertEqual(one, two);
        assertThat(calls.get()).isGreaterThan(3);
    }

    @Test
    void aCrashInTheMiddleIsNoticedAndNothingIsPromisedUntilItIsComplete() {
        TestNode one = owner();
        one.write(3_000);
        AtomicInteger calls = new AtomicInteger();
        // The session opens; then nothing more comes.
        links.refuse((to, service) -> service == Link.Service.SNAPSHOT && calls.incrementAndGet() > 1);
        TestNode two = new TestNode(2, List.of(), new InMemoryStateMachine());
        one.configure(List.of(1), List.of(2));
        one.write(10);
        await(() -> two.machine.installation(GROUP) != null);
        await(() -> two.group().isInstalling());
        TestNode again = two.restarted();
        assertThat(again.group().isInstalling()).isTrue();
        again.group().execute(() -> again.group().campaign());
        assertThat(again.on(Replica::isCampaigning)).isFalse();
        links.refuse((to, service) -> false);
        one.write(10);
        await(() -> !again.group().isInstalling());
        assertEqual(one, again);
        TestNode third = again.restarted();
        assertThat(third.group().isInstalling()).isFalse();
        one.replicas.wake(2);
        one.write(10);
        assertEqual(one, third);
    }
}
