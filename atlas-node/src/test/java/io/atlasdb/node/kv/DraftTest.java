package io.atlasdb.node.kv;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.Commit;
import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.Snapshot;
import io.atlasdb.sql.store.Write;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Drafts read without waiting for what is in flight, and commit only what that does not concern. */
class DraftTest {
    private static final long TABLE = 1_000;
    private static final long OTHER = 1_001;

    private final TestNode node = TestNode.fresh();

    @BeforeEach
    void fill() throws Exception {
        done(write(TABLE, "a", "1"));
        done(write(OTHER, "x", "1"));
        // A strong read asks for the lease under which the later ones need no force.
        try (Snapshot snapshot = node.store.snapshot()) {
            get(snapshot, TABLE, "a");
            get(snapshot, OTHER, "x");
        }
    }

    @AfterEach
    void close() {
        node.journal.release();
        node.close();
    }

    @Test
    void doNotWaitForWritesInFlight() throws Exception {
        node.journal.hold();
        CompletableFuture<Long> inFlight = write(TABLE, "b", "2");
        awaitRead(draft -> draft.timestamp() < node.store.snapshot().timestamp());
        try (Snapshot draft = node.store.draft()) {
            assertThat(get(draft, TABLE, "a")).isEqualTo("1");
            assertThat(get(draft, TABLE, "b")).isNull();
            CompletableFuture<Long> commit = commit(draft, TABLE, "a", "3", point(TABLE, "a"));
            node.journal.release();
            assertThat(done(commit)).isGreaterThan(done(inFlight));
        }
    }

    @Test
    void conflictWithWhatWasInFlight() throws Exception {
        node.journal.hold();
        CompletableFuture<Long> inFlight = write(TABLE, "a", "2");
        awaitRead(draft -> "1".equals(get(draft, TABLE, "a")));
        try (Snapshot draft = node.store.draft()) {
            assertThat(get(draft, TABLE, "a")).isEqualTo("1");
            CompletableFuture<Long> commit = commit(draft, TABLE, "c", "of 1", point(TABLE, "a"));
            node.journal.release();
            done(inFlight);
            assertThat(failure(commit)).isEqualTo(ErrorCode.SERIALIZATION);
        }
    }

    /** Many writes later, with nobody's snapshot in the way, what is in flight is still known to validation. */
    @Test
    void conflictThoughOthersWroteAfterIt() throws Exception {
        node.journal.hold();
        CompletableFuture<Long> inFlight = write(TABLE, "a", "2");
        for (int i = 0; i < 10; i++) {
            write(TABLE, "k" + i, "2");
        }
        awaitRead(draft -> "1".equals(get(draft, TABLE, "a")));
        try (Snapshot draft = node.store.draft()) {
            assertThat(get(draft, TABLE, "a")).isEqualTo("1");
            CompletableFuture<Long> commit = commit(draft, TABLE, "a", "of 1", point(TABLE, "a"));
            node.journal.release();
            done(inFlight);
            assertThat(failure(commit)).isEqualTo(ErrorCode.SERIALIZATION);
        }
    }

    /** In a group that was not read first a draft may miss what was acknowledged: it must not get away with that. */
    @Test
    void conflictWithAcknowledgedWritesOfOtherGroups() throws Exception {
        node.journal.hold();
        CompletableFuture<Long> inFlight = write(TABLE, "b", "2");
        awaitRead(draft -> draft.timestamp() < node.store.snapshot().timestamp());
        try (Snapshot draft = node.store.draft()) {
            get(draft, TABLE, "a");
            long behind = draft.timestamp();
            node.journal.release();
            done(inFlight);
            done(write(OTHER, "x", "2"));
            assertThat(get(draft, OTHER, "x")).isEqualTo("1");
            assertThat(draft.timestamp()).isEqualTo(behind);
            assertThat(draft.needsValidation()).isTrue();
            CompletableFuture<Long> commit = node.store.commit(
                    new Commit(draft.timestamp(), List.of(point(OTHER, "x")), List.of(), List.of(), List.of()));
            assertThat(failure(commit)).isEqualTo(ErrorCode.SERIALIZATION);
        }
    }

    @Test
    void areSnapshotsOfNowWhenNothingIsInFlight() throws Exception {
        long before = done(write(TABLE, "a", "2"));
        try (Snapshot draft = node.store.draft()) {
            assertThat(get(draft, TABLE, "a")).isEqualTo("2");
            assertThat(draft.timestamp()).isGreaterThan(before);
            assertThat(draft.needsValidation()).isFalse();
        }
        assertThat(node.store.openSnapshots()).isZero();
    }

    /** What is written takes a moment to reach the group's thread. */
    private void awaitRead(java.util.function.Predicate<Snapshot> inFlight) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (System.nanoTime() < until) {
            try (Snapshot draft = node.store.draft()) {
                get(draft, TABLE, "a");
                if (draft.needsValidation() && inFlight.test(draft)) {
                    return;
                }
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("nothing came in flight");
    }

    private CompletableFuture<Long> write(long group, String key, String value) {
        return node.store.commit(new Commit(
                Commit.BLIND,
                List.of(),
                List.of(new Write(group, key.getBytes(UTF_8), value.getBytes(UTF_8))),
                List.of(),
                List.of()));
    }

    private CompletableFuture<Long> commit(Snapshot read, long group, String key, String value, KeyRange range) {
        return node.store.commit(new Commit(
                read.timestamp(),
                List.of(range),
                List.of(new Write(group, key.getBytes(UTF_8), value.getBytes(UTF_8))),
                List.of(),
                List.of()));
    }

    private static KeyRange point(long group, String key) {
        return KeyRange.of(group, key.getBytes(UTF_8));
    }

    private static @Nullable String get(Snapshot snapshot, long group, String key) {
        byte[] value = snapshot.get(group, key.getBytes(UTF_8));
        return value == null ? null : new String(value, UTF_8);
    }

    private static long done(CompletableFuture<Long> commit)
            throws InterruptedException, ExecutionException, TimeoutException {
        return commit.get(10, TimeUnit.SECONDS);
    }

    private static ErrorCode failure(CompletableFuture<Long> commit) throws InterruptedException, TimeoutException {
        try {
            throw new AssertionError("no error but " + commit.get(10, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            while (cause != null && !(cause instanceof AtlasException)) {
                cause = cause.getCause();
            }
            assertThat(cause).isInstanceOf(AtlasException.class);
            return ((AtlasException) java.util.Objects.requireNonNull(cause)).code();
        }
    }
}
