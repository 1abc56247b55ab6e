package io.atlasdb.sql.tx;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.Seeds;
import io.atlasdb.sql.store.Commit;
import io.atlasdb.sql.store.Guard;
import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.Limits;
import io.atlasdb.sql.store.MemoryStore;
import io.atlasdb.sql.store.RowIterator;
import io.atlasdb.sql.store.Snapshot;
import io.atlasdb.sql.store.Write;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TransactionTest {
    private static final long GROUP = 5;

    private final MemoryStore store = new MemoryStore();

    @AfterEach
    void noSnapshotStaysOpen() {
        assertThat(store.openSnapshots()).isZero();
    }

    @Test
    void writesAreSeenByTheTransactionAndByOthersAfterCommit() {
        try (Transaction mine = begin();
                Transaction other = begin()) {
            put(mine, "a", "1");
            assertThat(get(mine, "a")).isEqualTo("1");
            assertThat(get(other, "a")).isNull();
            mine.commit().join();
            assertThat(get(other, "a")).isNull();
        }
        assertThat(now()).containsExactly("a=1");
    }

    @Test
    void rollbackForgetsEverything() {
        Transaction transaction = begin();
        put(transaction, "a", "1");
        transaction.rollback();
        assertThat(transaction.ended()).isTrue();
        assertThat(now()).isEmpty();
        assertThatThrownBy(() -> get(transaction, "a")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void scansMergeTheBufferLikeASortedMapWould() {
        Seeds.forAll(random -> {
            MemoryStore own = new MemoryStore();
            NavigableMap<String, String> expected = new TreeMap<>();
            try (Transaction setup = new Transaction(own, Isolation.SERIALIZABLE, false)) {
                change(random, setup, expected);
                setup.commit().join();
            }
            try (Transaction transaction = new Transaction(own, Isolation.SERIALIZABLE, false)) {
                change(random, transaction, expected);
                Savepoint savepoint = transaction.savepoint();
                NavigableMap<String, String> before = new TreeMap<>(expected);
                change(random, transaction, expected);
                if (random.nextBoolean()) {
                    transaction.rollbackTo(savepoint);
                    expected = before;
                }
                KeyRange range = range(letter(random), random.nextInt(4) == 0 ? "" : letter(random));
                NavigableMap<String, String> part = new TreeMap<>(expected);
                part.keySet().removeIf(key -> !range.contains(bytes(key)));
                assertThat(scan(transaction, range, false)).isEqualTo(texts(part));
                assertThat(scan(transaction, range, true)).isEqualTo(texts(part.descendingMap()));
                transaction.commit().join();
            }
            try (Transaction after = new Transaction(own, Isolation.SERIALIZABLE, true)) {
                assertThat(scan(after, range("", ""), false)).isEqualTo(texts(expected));
            }
        });
    }

    private static void change(RandomGenerator random, Transaction transaction, NavigableMap<String, String> expected) {
        for (int i = random.nextInt(6); i > 0; i--) {
            String key = letter(random);
            if (random.nextInt(3) == 0) {
                transaction.delete(GROUP, bytes(key));
                expected.remove(key);
            } else {
                String value = Integer.toString(random.nextInt(100));
                transaction.put(GROUP, bytes(key), bytes(value));
                expected.put(key, value);
            }
        }
    }

    @Test
    void savepointsNestAndCanBeReused() {
        try (Transaction transaction = begin()) {
            put(transaction, "a", "1");
            Savepoint first = transaction.savepoint();
            put(transaction, "a", "2");
            put(transaction, "a", "3");
            Savepoint second = transaction.savepoint();
            put(transaction, "a", "4");
            put(transaction, "b", "4");
            transaction.rollbackTo(second);
            assertThat(get(transaction, "a")).isEqualTo("3");
            assertThat(get(transaction, "b")).isNull();
            put(transaction, "b", "5");
            transaction.release(second);
            transaction.rollbackTo(first);
            assertThat(get(transaction, "a")).isEqualTo("1");
            assertThat(get(transaction, "b")).isNull();
            put(transaction, "a", "6");
            transaction.rollbackTo(first);
            assertThat(get(transaction, "a")).isEqualTo("1");
            assertThatThrownBy(() -> transaction.rollbackTo(second)).isInstanceOf(IllegalArgumentException.class);
            transaction.commit().join();
        }
        assertThat(now()).containsExactly("a=1");
    }

    @Test
    void bytesFollowWritesAndRollbacks() {
        try (Transaction transaction = begin()) {
            put(transaction, "key", "12345");
            assertThat(transaction.writtenBytes()).isEqualTo(8);
            Savepoint savepoint = transaction.savepoint();
            put(transaction, "key", "1");
            put(transaction, "k2", "");
            assertThat(transaction.writtenBytes()).isEqualTo(6);
            transaction.rollbackTo(savepoint);
            assertThat(transaction.writtenBytes()).isEqualTo(8);
        }
    }

    @Test
    void aTransactionThatOnlyWritesIsBlind() {
        try (Transaction transaction = begin()) {
            put(transaction, "a", "1");
            assertThat(get(transaction, "a")).isEqualTo("1");
            setNow("a", "2");
            transaction.commit().join();
        }
        assertThat(now()).containsExactly("a=1");
    }

    @Test
    void withoutWritesTheStoreIsNotAsked() {
        int before = store.commits();
        try (Transaction transaction = begin()) {
            assertThat(get(transaction, "a")).isNull();
            setNow("a", "1");
            assertThat(transaction.commit().join()).isPositive();
        }
        assertThat(store.commits()).isEqualTo(before + 1);
    }

    @Test
    void serializableValidatesAllReads() {
        assertConflict(Isolation.SERIALIZABLE, t -> get(t, "m"));
        assertConflict(Isolation.SERIALIZABLE, t -> scan(t, range("k", "p"), false));
        assertConflict(Isolation.SERIALIZABLE, t -> scan(t, range("k", ""), true));
    }

    @Test
    void repeatableReadValidatesChecksAndWrittenKeysOnly() {
        assertNoConflict(t -> get(t, "m"));
        assertNoConflict(t -> scan(t, range("", ""), false));
        assertConflict(Isolation.REPEATABLE_READ, t -> t.check(GROUP, bytes("m")));
        assertConflict(Isolation.REPEATABLE_READ, t -> drain(t.check(range("k", "p"))));
        assertConflict(Isolation.REPEATABLE_READ, t -> t.validate(range("k", "p")));
        assertConflict(Isolation.REPEATABLE_READ, t -> {
            get(t, "x");
            put(t, "m", "mine");
        });
    }

    @Test
    void aScanClosedEarlyDependsOnWhatItReturnedOnly() {
        setNow("a", "1");
        setNow("z", "1");
        try (Transaction transaction = begin()) {
            readOne(transaction, false);
            put(transaction, "result", "1");
            setNow("m", "unseen");
            transaction.commit().join();
        }
        try (Transaction transaction = begin()) {
            readOne(transaction, false);
            put(transaction, "result", "2");
            setNow("Z", "before the first");
            assertRefused(ErrorCode.SERIALIZATION, transaction);
        }
        try (Transaction transaction = begin()) {
            readOne(transaction, true);
            put(transaction, "result", "3");
            setNow("zz", "after the last");
            assertRefused(ErrorCode.SERIALIZATION, transaction);
        }
    }

    private static void readOne(Transaction transaction, boolean reverse) {
        try (RowIterator rows = transaction.scan(range("", ""), reverse)) {
            assertThat(rows.next()).isTrue();
        }
    }

    @Test
    void aScanThatIsOpenAtCommitCounts() {
        setNow("m", "1");
        Transaction transaction = begin();
        RowIterator rows = transaction.scan(range("", ""), false);
        assertThat(rows.next()).isTrue();
        put(transaction, "x", "1");
        setNow("m", "2");
        assertRefused(ErrorCode.SERIALIZATION, transaction);
        assertThatThrownBy(rows::next).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void readCommittedTakesANewSnapshotUntilItIsTied() {
        try (Transaction transaction = new Transaction(store, Isolation.READ_COMMITTED, false)) {
            assertThat(get(transaction, "a")).isNull();
            setNow("a", "1");
            assertThat(get(transaction, "a")).isNull();
            transaction.beginStatement();
            assertThat(get(transaction, "a")).isEqualTo("1");
            put(transaction, "b", "1");
            setNow("a", "2");
            transaction.beginStatement();
            assertThat(get(transaction, "a")).isEqualTo("1");
            transaction.commit().join();
        }
    }

    @Test
    void readOnlyRefusesWrites() {
        try (Transaction transaction = new Transaction(store, Isolation.SERIALIZABLE, true)) {
            assertThatThrownBy(() -> put(transaction, "a", "1"))
                    .isInstanceOfSatisfying(
                            AtlasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.READ_ONLY));
        }
    }

    @Test
    void aGivenSnapshotIsReadAndClosed() {
        setNow("a", "1");
        long then;
        try (Snapshot snapshot = store.snapshot()) {
            then = snapshot.timestamp();
        }
        try (Transaction transaction = new Transaction(store.snapshotAt(then))) {
            setNow("a", "2");
            assertThat(get(transaction, "a")).isEqualTo("1");
            assertThat(transaction.commit().join()).isEqualTo(then);
        }
    }

    @Test
    void guardsAndDropsReachTheStore() {
        setNow("a", "1");
        try (Transaction transaction = begin()) {
            transaction.guard(new Guard(GROUP, bytes("a"), 7, "T"));
            transaction.guard(new Guard(GROUP, bytes("a"), 8, "T"));
            put(transaction, "b", "1");
            assertRefused(ErrorCode.SCHEMA_CHANGED, transaction);
        }
        try (Transaction transaction = begin()) {
            put(transaction, "lost", "1");
            Savepoint savepoint = transaction.savepoint();
            transaction.drop(GROUP + 1);
            transaction.rollbackTo(savepoint);
            transaction.drop(GROUP);
            assertThat(transaction.hasWrites()).isTrue();
            transaction.commit().join();
        }
        assertThat(now()).isEmpty();
    }

    @Test
    void aTransactionHasALimit() {
        try (Transaction transaction = begin()) {
            byte[] row = new byte[16 << 20];
            for (int i = 0; i < 3; i++) {
                transaction.put(GROUP, bytes("" + i), row);
            }
            assertThatThrownBy(() -> transaction.put(GROUP, bytes("4"), new byte[row.length]))
                    .isInstanceOfSatisfying(
                            AtlasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT));
            assertThat(transaction.writtenBytes()).isLessThan(Limits.TRANSACTION_BYTES_MAX);
            put(transaction, "small", "fits");
        }
    }

    private void assertConflict(Isolation isolation, Consumer<Transaction> action) {
        try (Transaction transaction = new Transaction(store, isolation, false)) {
            action.accept(transaction);
            put(transaction, "result", "1");
            setNow("m", "other");
            assertRefused(ErrorCode.SERIALIZATION, transaction);
        }
    }

    private void assertNoConflict(Consumer<Transaction> action) {
        try (Transaction transaction = new Transaction(store, Isolation.REPEATABLE_READ, false)) {
            action.accept(transaction);
            put(transaction, "result", "1");
            setNow("m", "other");
            assertThat(transaction.commit().join()).isPositive();
        }
    }

    private static void assertRefused(ErrorCode code, Transaction transaction) {
        assertThatThrownBy(transaction::commitAndWait)
                .isInstanceOfSatisfying(
                        AtlasException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private Transaction begin() {
        return new Transaction(store, Isolation.SERIALIZABLE, false);
    }

    private void setNow(String key, String value) {
        store.commit(new Commit(
                        Commit.BLIND,
                        List.of(),
                        List.of(new Write(GROUP, bytes(key), bytes(value))),
                        List.of(),
                        List.of()))
                .join();
    }

    private List<String> now() {
        try (Transaction transaction = new Transaction(store, Isolation.SERIALIZABLE, true)) {
            return scan(transaction, range("", ""), false);
        }
    }

    private static void put(Transaction transaction, String key, String value) {
        transaction.put(GROUP, bytes(key), bytes(value));
    }

    private static @Nullable String get(Transaction transaction, String key) {
        byte[] value = transaction.get(GROUP, bytes(key));
        return value == null ? null : new String(value, UTF_8);
    }

    private static List<String> scan(Transaction transaction, KeyRange range, boolean reverse) {
        return drain(transaction.scan(range, reverse));
    }

    private static List<String> drain(RowIterator iterator) {
        List<String> found = new ArrayList<>();
        try (RowIterator rows = iterator) {
            while (rows.next()) {
                found.add(new String(rows.key(), UTF_8) + "=" + new String(rows.value(), UTF_8));
            }
        }
        return found;
    }

    private static List<String> texts(NavigableMap<String, String> map) {
        return map.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
    }

    private static KeyRange range(String from, String to) {
        return new KeyRange(GROUP, bytes(from), bytes(to));
    }

    private static String letter(RandomGenerator random) {
        String[] letters = {"", "a", "b", "bb", "c", "d", "e"};
        return letters[random.nextInt(letters.length)];
    }

    private static byte[] bytes(String text) {
        return Arrays.copyOf(text.getBytes(UTF_8), text.length());
    }
}
