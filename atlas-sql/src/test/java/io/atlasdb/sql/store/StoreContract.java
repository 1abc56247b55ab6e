package io.atlasdb.sql.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What {@link Store} promises, as tests; each store's own test extends this. Every test uses groups of its own. */
@NullMarked
public abstract class StoreContract {
    private static final AtomicLong NEXT_GROUP = new AtomicLong(1_000_000);

    /** The group of this test; {@code group + 1} is free as well. */
    private final long group = NEXT_GROUP.getAndAdd(2);

    /** The store under test; may be the same for all tests. */
    protected abstract Store store();

    /** Makes the store forget what only snapshots below {@code timestamp} need; false when it cannot on request. */
    protected boolean forgetBefore(long timestamp) {
        return false;
    }

    @Test
    void aSnapshotSeesEveryAcknowledgedCommit() {
        for (int i = 0; i < 20; i++) {
            long written = blind(put("k", "v" + i));
            try (Snapshot snapshot = store().snapshot()) {
                assertThat(snapshot.timestamp()).isGreaterThanOrEqualTo(written);
                assertThat(get(snapshot, "k")).isEqualTo("v" + i);
            }
        }
    }

    @Test
    void commitTimestampsOfAGroupIncrease() {
        long last = 0;
        for (int i = 0; i < 20; i++) {
            long next = blind(put("k", "v"));
            assertThat(next).isGreaterThan(last);
            last = next;
        }
    }

    @Test
    void aSnapshotDoesNotChange() {
        blind(put("a", "1"), put("b", "1"));
        try (Snapshot snapshot = store().snapshot()) {
            blind(put("a", "2"), remove("b"), put("c", "2"));
            assertThat(get(snapshot, "a")).isEqualTo("1");
            assertThat(scan(snapshot, all(), false)).containsExactly("a=1", "b=1");
            assertThat(scan(snapshot, all(), true)).containsExactly("b=1", "a=1");
        }
        try (Snapshot snapshot = store().snapshot()) {
            assertThat(scan(snapshot, all(), false)).containsExactly("a=2", "c=2");
        }
    }

    @Test
    void anAbsentKeyAndAnEmptyRangeReadAsNothing() {
        try (Snapshot snapshot = store().snapshot()) {
            assertThat(get(snapshot, "none")).isNull();
            assertThat(scan(snapshot, all(), false)).isEmpty();
            assertThat(scan(snapshot, range("b", "a"), false)).isEmpty();
            assertThat(scan(snapshot, range("a", "a"), true)).isEmpty();
        }
    }

    @Test
    void emptyKeysAndValuesAreKept() {
        blind(put("", "empty key"), put("k", ""));
        try (Snapshot snapshot = store().snapshot()) {
            assertThat(get(snapshot, "")).isEqualTo("empty key");
            assertThat(get(snapshot, "k")).isEmpty();
            assertThat(scan(snapshot, all(), false)).containsExactly("=empty key", "k=");
        }
    }

    @Test
    void aScanKeepsItsBoundsAndItsGroupInBothDirections() {
        long other = group + 1;
        commit(new Commit(
                Commit.BLIND,
                List.of(),
                List.of(
                        put("a", "1"),
                        put("b", "2"),
                        put("ba", "3"),
                        put("c", "4"),
                        new Write(other, bytes("b"), bytes("x"))),
                List.of(),
                List.of()));
        try (Snapshot snapshot = store().snapshot()) {
            assertThat(scan(snapshot, range("b", "c"), false)).containsExactly("b=2", "ba=3");
            assertThat(scan(snapshot, range("b", "c"), true)).containsExactly("ba=3", "b=2");
            assertThat(scan(snapshot, range("b", ""), false)).containsExactly("b=2", "ba=3", "c=4");
            assertThat(scan(snapshot, KeyRange.of(group, bytes("b")), true)).containsExactly("b=2");
            assertThat(scan(snapshot, KeyRange.prefix(group, bytes("b")), false))
                    .containsExactly("b=2", "ba=3");
            assertThat(scan(snapshot, new KeyRange(other, bytes(""), bytes("")), false))
                    .containsExactly("b=x");
        }
    }

    @Test
    void keysAreOrderedAsUnsignedBytes() {
        byte[][] keys = {{}, {0}, {0, 0}, {0, 1}, {1}, {0x7F}, {(byte) 0x80}, {(byte) 0xFF}, {(byte) 0xFF, 0}};
        List<Write> writes = new ArrayList<>();
        for (byte[] key : keys) {
            writes.add(0, new Write(group, key, bytes("v")));
        }
        blind(writes.toArray(new Write[0]));
        try (Snapshot snapshot = store().snapshot();
                RowIterator rows = snapshot.scan(all(), false)) {
            for (byte[] key : keys) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.key()).isEqualTo(key);
            }
            assertThat(rows.next()).isFalse();
        }
    }

    @Test
    void aCommitOverSeveralGroupsIsSeenWholeOrNotAtAll() throws Exception {
        int rounds = 200;
        CountDownLatch done = new CountDownLatch(1);
        Thread writer = new Thread(() -> {
            for (int i = 0; i < rounds; i++) {
                byte[] value = bytes("" + i);
                commit(new Commit(
                        Commit.BLIND,
                        List.of(),
                        List.of(new Write(group, bytes("k"), value), new Write(group + 1, bytes("k"), value)),
                        List.of(),
                        List.of()));
            }
            done.countDown();
        });
        writer.start();
        while (done.getCount() > 0) {
            try (Snapshot snapshot = store().snapshot()) {
                assertThat(snapshot.get(group, bytes("k"))).isEqualTo(snapshot.get(group + 1, bytes("k")));
            }
        }
        writer.join();
        assertThat(done.await(1, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aPointThatWasReadAndChangedFailsTheCommit() {
        blind(put("a", "1"));
        try (Snapshot snapshot = store().snapshot()) {
            blind(put("a", "2"));
            refused(ErrorCode.SERIALIZATION, snapshot, List.of(point("a")), put("b", "1"));
        }
        assertThat(now("b")).isNull();
    }

    @Test
    void aKeyThatWasReadAsAbsentAndAppearedFailsTheCommit() {
        try (Snapshot snapshot = store().snapshot()) {
            blind(put("a", "1"));
            refused(ErrorCode.SERIALIZATION, snapshot, List.of(point("a")), put("b", "1"));
        }
    }

    @Test
    void aPhantomInAnEmptyRangeFailsTheCommit() {
        try (Snapshot snapshot = store().snapshot()) {
            blind(put("m", "1"));
            refused(ErrorCode.SERIALIZATION, snapshot, List.of(range("k", "p")), put("z", "1"));
        }
    }

    @Test
    void aRowRemovedFromARangeFailsTheCommit() {
        blind(put("m", "1"));
        try (Snapshot snapshot = store().snapshot()) {
            blind(remove("m"));
            refused(ErrorCode.SERIALIZATION, snapshot, List.of(range("k", "")), put("z", "1"));
        }
    }

    @Test
    void changesAtTheBordersOfARangeDoNotMatter() {
        try (Snapshot snapshot = store().snapshot()) {
            blind(put("p", "excluded"), put("j", "below"));
            commit(snapshot, List.of(range("k", "p")), put("z", "1"));
        }
        try (Snapshot snapshot = store().snapshot()) {
            blind(put("k", "included"));
            refused(ErrorCode.SERIALIZATION, snapshot, List.of(range("k", "p")), put("z", "2"));
        }
        assertThat(now("z")).isEqualTo("1");
    }

    @Test
    void aReadRangeInAnotherGroupIsValidated() {
        KeyRange other = new KeyRange(group + 1, bytes(""), bytes(""));
        try (Snapshot snapshot = store().snapshot()) {
            commit(new Commit(
                    Commit.BLIND,
                    List.of(),
                    List.of(new Write(group + 1, bytes("x"), bytes("1"))),
                    List.of(),
                    List.of()));
            refused(ErrorCode.SERIALIZATION, snapshot, List.of(other), put("z", "1"));
        }
        assertThat(now("z")).isNull();
    }

    @Test
    void theFirstOfTwoWritersWins() {
        blind(put("a", "0"));
        try (Snapshot first = store().snapshot();
                Snapshot second = store().snapshot()) {
            commit(first, List.of(), put("a", "1"));
            refused(ErrorCode.SERIALIZATION, second, List.of(), put("a", "2"), put("b", "2"));
        }
        assertThat(now("a")).isEqualTo("1");
        assertThat(now("b")).isNull();
    }

    @Test
    void removalsConflictLikeWrites() {
        blind(put("a", "0"));
        try (Snapshot first = store().snapshot();
                Snapshot second = store().snapshot()) {
            commit(first, List.of(), remove("a"));
            refused(ErrorCode.SERIALIZATION, second, List.of(), remove("a"));
        }
    }

    @Test
    void writeSkewIsPreventedByReadRanges() {
        blind(put("a", "on call"), put("b", "on call"));
        try (Snapshot first = store().snapshot();
                Snapshot second = store().snapshot()) {
            commit(first, List.of(all()), remove("a"));
            refused(ErrorCode.SERIALIZATION, second, List.of(all()), remove("b"));
        }
    }

    @Test
    void aBlindCommitDoesNotConflict() {
        try (Snapshot snapshot = store().snapshot()) {
            blind(put("a", "1"));
            blind(put("a", "2"));
            assertThat(get(snapshot, "a")).isNull();
        }
        assertThat(now("a")).isEqualTo("2");
    }

    @Test
    void aGuardIsComparedWithTheFirstEightBytes() {
        byte[] descriptor = ByteBuffer.allocate(9).putLong(7).put((byte) 1).array();
        blind(new Write(group, bytes("d"), descriptor));
        guarded(new Guard(group, bytes("d"), 7, "T"));
        assertThat(now("g")).isEqualTo("1");
        blind(remove("g"));
        assertRefused(ErrorCode.SCHEMA_CHANGED, () -> guarded(new Guard(group, bytes("d"), 8, "T")));
        assertRefused(ErrorCode.SCHEMA_CHANGED, () -> guarded(new Guard(group, bytes("none"), 7, "T")));
        blind(put("short", "1234567"));
        assertRefused(ErrorCode.SCHEMA_CHANGED, () -> guarded(new Guard(group, bytes("short"), 7, "T")));
        assertThat(now("g")).isNull();
    }

    @Test
    void aGuardDoesNotSeeItsOwnCommit() {
        byte[] version2 = ByteBuffer.allocate(8).putLong(2).array();
        assertRefused(
                ErrorCode.SCHEMA_CHANGED,
                () -> commit(new Commit(
                        Commit.BLIND,
                        List.of(),
                        List.of(new Write(group, bytes("d"), version2)),
                        List.of(new Guard(group, bytes("d"), 2, "T")),
                        List.of())));
    }

    @Test
    void aDroppedGroupIsGoneForNewSnapshotsOnly() {
        blind(put("a", "1"));
        try (Snapshot before = store().snapshot()) {
            commit(new Commit(
                    before.timestamp(),
                    List.of(),
                    List.of(new Write(group + 1, bytes("name"), bytes("gone"))),
                    List.of(),
                    List.of(group)));
            assertThat(get(before, "a")).isEqualTo("1");
            refused(ErrorCode.SERIALIZATION, before, List.of(all()), new Write(group + 1, bytes("x"), bytes("1")));
        }
        try (Snapshot after = store().snapshot()) {
            assertThat(scan(after, all(), false)).isEmpty();
        }
    }

    @Test
    void aSnapshotAtAPastTimestampSeesThatTime() {
        long first = blind(put("a", "1"));
        long second = blind(put("a", "2"));
        blind(remove("a"));
        try (Snapshot at = store().snapshotAt(first)) {
            assertThat(at.timestamp()).isEqualTo(first);
            assertThat(get(at, "a")).isEqualTo("1");
        }
        try (Snapshot at = store().snapshotAt(second - 1)) {
            assertThat(get(at, "a")).isEqualTo("1");
        }
        try (Snapshot at = store().snapshotAt(second)) {
            assertThat(scan(at, all(), true)).containsExactly("a=2");
        }
    }

    @Test
    void theFutureCannotBeRead() {
        long tomorrow = (System.currentTimeMillis() + TimeUnit.DAYS.toMillis(1)) << 16;
        assertRefused(
                ErrorCode.INVALID_PARAMETER, () -> store().snapshotAt(tomorrow).close());
    }

    @Test
    void whatWasForgottenCannotBeReadNorCommittedUpon() {
        long first = blind(put("a", "1"));
        long second = blind(put("a", "2"));
        assumeTrue(forgetBefore(second));
        assertRefused(
                ErrorCode.SNAPSHOT_TOO_OLD, () -> store().snapshotAt(first).close());
        Commit old = new Commit(first, List.of(point("b")), List.of(put("c", "1")), List.of(), List.of());
        assertRefused(ErrorCode.SNAPSHOT_TOO_OLD, () -> commit(old));
        assertThat(now("a")).isEqualTo("2");
    }

    @Test
    void keysRowsAndTransactionsHaveLimits() {
        byte[] longest = new byte[Limits.KEY_BYTES_MAX];
        blind(new Write(group, longest, bytes("v")));
        assertRefused(
                ErrorCode.LIMIT,
                () -> blind(put("a", "1"), new Write(group, new byte[longest.length + 1], bytes("v"))));
        byte[] row = new byte[Limits.ROW_BYTES_MAX];
        blind(new Write(group, bytes("row"), row));
        assertRefused(ErrorCode.LIMIT, () -> blind(new Write(group, bytes("row"), new byte[row.length + 1])));
        List<Write> tooMuch = new ArrayList<>();
        for (int i = 0; (long) i * row.length <= Limits.TRANSACTION_BYTES_MAX; i++) {
            tooMuch.add(new Write(group, bytes("part" + i), row));
        }
        assertRefused(ErrorCode.LIMIT, () -> blind(tooMuch.toArray(new Write[0])));
        assertThat(now("a")).isNull();
        assertThat(now("part0")).isNull();
        blind(remove("row"));
    }

    @Test
    void concurrentIncrementsLoseNothing() throws Exception {
        blind(put("n", "0"));
        int threads = 4;
        int each = 25;
        List<Thread> workers = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            Thread worker = new Thread(() -> {
                for (int i = 0; i < each; i++) {
                    incrementUntilDone();
                }
            });
            workers.add(worker);
            worker.start();
        }
        for (Thread worker : workers) {
            worker.join();
        }
        assertThat(now("n")).isEqualTo("" + threads * each);
    }

    private void incrementUntilDone() {
        for (int attempt = 0; attempt < 10_000; attempt++) {
            try (Snapshot snapshot = store().snapshot()) {
                String old = get(snapshot, "n");
                long next = (old == null ? 0 : Long.parseLong(old)) + 1;
                commit(snapshot, List.of(point("n")), put("n", Long.toString(next)));
                return;
            } catch (AtlasException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.SERIALIZATION);
            }
        }
        throw new AssertionError("no increment in 10,000 attempts");
    }

    private void guarded(Guard guard) {
        commit(new Commit(Commit.BLIND, List.of(), List.of(put("g", "1")), List.of(guard), List.of()));
    }

    private void refused(ErrorCode code, Snapshot snapshot, List<KeyRange> reads, Write... writes) {
        assertRefused(code, () -> commit(snapshot, reads, writes));
    }

    private static void assertRefused(ErrorCode code, Runnable action) {
        assertThatThrownBy(action::run)
                .isInstanceOfSatisfying(
                        AtlasException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private long blind(Write... writes) {
        return commit(new Commit(Commit.BLIND, List.of(), Arrays.asList(writes), List.of(), List.of()));
    }

    private long commit(Snapshot snapshot, List<KeyRange> reads, Write... writes) {
        return commit(new Commit(snapshot.timestamp(), reads, Arrays.asList(writes), List.of(), List.of()));
    }

    private long commit(Commit commit) {
        try {
            return store().commit(commit).get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AtlasException error) {
                throw error;
            }
            throw new AssertionError("a commit failed with something else than an AtlasException", e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("a commit did not end", e);
        }
    }

    private @Nullable String now(String key) {
        try (Snapshot snapshot = store().snapshot()) {
            return get(snapshot, key);
        }
    }

    private @Nullable String get(Snapshot snapshot, String key) {
        byte[] value = snapshot.get(group, bytes(key));
        return value == null ? null : new String(value, UTF_8);
    }

    private static List<String> scan(Snapshot snapshot, KeyRange range, boolean reverse) {
        List<String> found = new ArrayList<>();
        try (RowIterator rows = snapshot.scan(range, reverse)) {
            while (rows.next()) {
                found.add(new String(rows.key(), UTF_8) + "=" + new String(rows.value(), UTF_8));
            }
        }
        return found;
    }

    private Write put(String key, String value) {
        return new Write(group, bytes(key), bytes(value));
    }

    private Write remove(String key) {
        return new Write(group, bytes(key), null);
    }

    private KeyRange point(String key) {
        return KeyRange.of(group, bytes(key));
    }

    private KeyRange range(String from, String to) {
        return new KeyRange(group, bytes(from), bytes(to));
    }

    private KeyRange all() {
        return range("", "");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
