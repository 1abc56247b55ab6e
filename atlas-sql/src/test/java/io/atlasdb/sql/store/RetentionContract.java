package io.atlasdb.sql.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a {@link Store} promises of retained values, as tests; each store's own test extends this. */
@NullMarked
public abstract class RetentionContract {
    private static final AtomicLong NEXT_GROUP = new AtomicLong(2_000_000);
    private static final long HOUR_MS = 3_600_000;
    private static final int TABLE = 7;

    /** The group of this test; {@code group + 1} is free as well. */
    protected final long group = NEXT_GROUP.getAndAdd(2);

    /** The store under test; may be the same for all tests. */
    protected abstract Store store();

    @Test
    void aRetainedValueIsNeitherChangedNorRemoved() {
        write(put("a", "1", inHours(1)));
        refused(put("a", "2", Retention.NONE));
        refused(put("a", "2", inHours(2)));
        refused(put("a", "1", Retention.NONE));
        refused(put("a", "1", Retention.until(0)));
        refused(remove("a"));
        try (Snapshot snapshot = store().snapshot()) {
            refused(new Commit(snapshot.timestamp(), List.of(), List.of(remove("a")), List.of(), List.of()));
            refused(new Commit(
                    snapshot.timestamp(),
                    List.of(KeyRange.of(group, key("a"))),
                    List.of(put("a", "2", inHours(2))),
                    List.of(),
                    List.of()));
        }
        assertThat(text("a")).isEqualTo("1");
    }

    @Test
    void theSameValueMayBeRetainedLonger() {
        long from = System.currentTimeMillis();
        write(put("a", "1", Retention.until(from + HOUR_MS)));
        write(put("a", "1", Retention.until(from + HOUR_MS)));
        write(put("a", "1", Retention.until(from + 2 * HOUR_MS)));
        refused(put("a", "1", Retention.until(from + HOUR_MS)));
        refused(put("a", "1", Retention.pending(Long.MIN_VALUE, 0, HOUR_MS)));
        write(put("a", "1", Retention.pending(Long.MIN_VALUE, 0, 3 * HOUR_MS)));
        refused(put("a", "1", Retention.until(from + 2 * HOUR_MS)));
        assertThat(Retention.of(value("a")).untilMs()).isGreaterThanOrEqualTo(from + 3 * HOUR_MS);
    }

    @Test
    void aTimeThatHasPassedBindsNobody() {
        write(put("a", "1", Retention.until(System.currentTimeMillis())));
        write(put("a", "2", Retention.pending(Long.MIN_VALUE, 0, 0)));
        write(put("a", "3", Retention.pending(Long.MIN_VALUE, 0, -HOUR_MS)));
        write(remove("a"));
        assertThat(text("a")).isNull();
    }

    @Test
    void whenItsTimeIsOverAValueCanBeRemovedAndNotBefore() {
        long untilMs = System.currentTimeMillis() + 200;
        write(put("a", "1", Retention.until(untilMs)));
        long giveUpNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        boolean removed = false;
        while (!removed) {
            assertThat(System.nanoTime()).isLessThan(giveUpNs);
            try {
                commit(blind(remove("a")));
                removed = true;
            } catch (AtlasException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.RETAINED);
                assertThat(text("a")).isEqualTo("1");
            }
        }
        assertThat(System.currentTimeMillis()).isGreaterThanOrEqualTo(untilMs);
    }

    @Test
    void aPeriodBeginsWithTheCommit() {
        long before = System.currentTimeMillis();
        write(put("a", "1", Retention.pending(Long.MIN_VALUE, 12 * 7, 0)));
        long after = System.currentTimeMillis();
        Retention stored = Retention.of(value("a"));
        assertThat(stored.pending()).isFalse();
        assertThat(stored.untilMs()).isBetween(yearsAfter(before, 7), yearsAfter(after, 7));
        write(put("b", "1", Retention.pending(after + 5 * HOUR_MS, 0, HOUR_MS)));
        assertThat(Retention.of(value("b")).untilMs()).isEqualTo(after + 5 * HOUR_MS);
    }

    private static long yearsAfter(long ms, int years) {
        return Instant.ofEpochMilli(ms)
                .atOffset(ZoneOffset.UTC)
                .plusYears(years)
                .toInstant()
                .toEpochMilli();
    }

    @Test
    void aCommitTakesEffectAsAWholeOrNotAtAll() {
        write(put("a", "1", inHours(1)), put("b", "1", Retention.NONE));
        refused(put("b", "2", Retention.NONE), put("a", "2", Retention.NONE));
        assertThat(text("b")).isEqualTo("1");
        Write elsewhere = new Write(group + 1, key("c"), "1".getBytes(UTF_8));
        refused(put("b", "2", Retention.NONE), remove("a"), elsewhere);
        assertThat(text("b")).isEqualTo("1");
        assertThat(value(group + 1, "c")).isNull();
        write(put("b", "2", Retention.NONE), put("a", "1", inHours(2)), elsewhere);
        assertThat(text("b")).isEqualTo("2");
    }

    @Test
    void aValueThatIsOnItsWayIsRetainedAlready() throws Exception {
        for (int i = 0; i < 20; i++) {
            CompletableFuture<Long> first = store().commit(blind(put("k" + i, "1", inHours(1))));
            CompletableFuture<Long> second = store().commit(blind(put("k" + i, "2", Retention.NONE)));
            CompletableFuture<Long> third = store().commit(blind(remove("k" + i)));
            first.get(20, TimeUnit.SECONDS);
            assertRefused(() -> await(second));
            assertRefused(() -> await(third));
            assertThat(text("k" + i)).isEqualTo("1");
        }
    }

    @Test
    void theGroupAndTheDescriptorOfATableStayWhileItHasARetainedRow() {
        byte[] descriptor = {1, TABLE};
        byte[] version = ByteBuffer.allocate(Long.BYTES).putLong(1).array();
        write(new Write(group, descriptor, version));
        write(put("a", "1", Retention.until(System.currentTimeMillis() - 1)));
        write(new Write(group, descriptor, null), new Write(group, new byte[] {1, 8}, version));
        write(new Write(group, descriptor, version), put("a", "1", inHours(1)));
        refused(new Write(group, descriptor, null));
        refused(new Write(group, descriptor, new byte[] {9}));
        refused(new Commit(Commit.BLIND, List.of(), List.of(), List.of(), List.of(group)));
        write(new Write(group, new byte[] {1, 8}, null));
        assertThat(text("a")).isEqualTo("1");
    }

    @Test
    void whatIsNoRowIsNotRetained() {
        byte[] key = {2, TABLE, 1};
        write(new Write(group, key, inHours(1).on("1".getBytes(UTF_8))));
        write(new Write(group, key, null));
    }

    /** Values with times some centuries apart, so that the moment of a commit decides nothing. */
    @Test
    void randomWritesDoWhatAModelSays() {
        long seed = Long.getLong("atlas.seed", System.nanoTime());
        Random random = new Random(seed);
        Map<String, String> bodies = new HashMap<>();
        Map<String, Integer> centuries = new HashMap<>();
        int refusals = 0;
        for (int i = 0; i < 400; i++) {
            Map<String, @Nullable String> next = new HashMap<>();
            Map<String, Integer> nextCenturies = new HashMap<>();
            List<Write> writes = new ArrayList<>();
            boolean allowed = true;
            for (int n = 1 + random.nextInt(3); n > 0; n--) {
                String name = "k" + random.nextInt(30);
                if (next.containsKey(name)) {
                    continue;
                }
                String body = random.nextInt(4) == 0 ? null : "v" + random.nextInt(2);
                int held = centuries.getOrDefault(name, -1);
                int until = random.nextInt(6) - 1;
                if (until > 0 && until == held) {
                    until++; // a period and a time of as many years are not quite the same
                }
                next.put(name, body);
                nextCenturies.put(name, body == null ? -1 : until);
                writes.add(random(random, name, body, until));
                allowed &= held <= 0 || (Objects.equals(bodies.get(name), body) && until > held);
            }
            if (allowed) {
                commit(new Commit(Commit.BLIND, List.of(), writes, List.of(), List.of()));
                bodies.putAll(next);
                centuries.putAll(nextCenturies);
            } else {
                Commit commit = new Commit(Commit.BLIND, List.of(), writes, List.of(), List.of());
                assertThatThrownBy(() -> commit(commit))
                        .as("seed %d, step %d", seed, i)
                        .isInstanceOfSatisfying(
                                AtlasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.RETAINED));
                refusals++;
            }
        }
        bodies.forEach(
                (name, body) -> assertThat(text(name)).as("seed %d", seed).isEqualTo(body));
        assertThat(refusals).as("seed %d", seed).isPositive();
    }

    /** Century 0 is past, one below is none. */
    private Write random(Random random, String name, @Nullable String body, int centuries) {
        if (body == null) {
            return remove(name);
        }
        if (centuries < 0) {
            return put(name, body, Retention.NONE);
        }
        boolean period = random.nextBoolean();
        long years = centuries * 100L;
        return put(
                name,
                body,
                period
                        ? Retention.pending(Long.MIN_VALUE, (int) years * 12, 0)
                        : Retention.until(centuries == 0 ? 0 : yearsAfter(System.currentTimeMillis(), (int) years)));
    }

    private static Retention inHours(int hours) {
        return Retention.until(System.currentTimeMillis() + hours * HOUR_MS);
    }

    /** The key of a row of table 7. */
    protected static byte[] key(String name) {
        byte[] text = name.getBytes(UTF_8);
        return ByteBuffer.allocate(3 + text.length)
                .put((byte) 3)
                .put((byte) TABLE)
                .put((byte) 0)
                .put(text)
                .array();
    }

    private Write put(String name, String value, Retention until) {
        return new Write(group, key(name), until.on(value.getBytes(UTF_8)));
    }

    private Write remove(String name) {
        return new Write(group, key(name), null);
    }

    private static Commit blind(Write... writes) {
        return new Commit(Commit.BLIND, List.of(), Arrays.asList(writes), List.of(), List.of());
    }

    private void write(Write... writes) {
        commit(blind(writes));
    }

    private void refused(Write... writes) {
        refused(blind(writes));
    }

    private void refused(Commit commit) {
        assertRefused(() -> commit(commit));
    }

    private static void assertRefused(Runnable action) {
        assertThatThrownBy(action::run)
                .isInstanceOfSatisfying(
                        AtlasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.RETAINED));
    }

    private void commit(Commit commit) {
        await(store().commit(commit));
    }

    private static void await(CompletableFuture<Long> commit) {
        try {
            commit.get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AtlasException known) {
                throw known;
            }
            throw new AssertionError(e);
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private byte[] value(String name) {
        byte[] value = value(group, name);
        if (value == null) {
            throw new AssertionError("no value at " + name);
        }
        return value;
    }

    private byte @Nullable [] value(long at, String name) {
        try (Snapshot snapshot = store().snapshot()) {
            return snapshot.get(at, key(name));
        }
    }

    private @Nullable String text(String name) {
        byte[] value = value(group, name);
        return value == null ? null : new String(Retention.body(value), UTF_8);
    }
}
