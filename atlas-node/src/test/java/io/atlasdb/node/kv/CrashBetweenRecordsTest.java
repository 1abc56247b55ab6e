package io.atlasdb.node.kv;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.atlasdb.node.replica.LogRecord;
import io.atlasdb.sql.store.Commit;
import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.Snapshot;
import io.atlasdb.sql.store.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * A transaction over three groups (one of them only read) is there whole or not at all, whichever records a crash left; once
 * its COMMIT is on disk it is there.
 */
class CrashBetweenRecordsTest {
    private static final byte[] KEY = "k".getBytes(UTF_8);

    @Test
    void atomicAtEveryPrefixOfTheJournal() throws Exception {
        List<LogRecord> all;
        int before;
        try (TestNode node = TestNode.fresh()) {
            for (long group = 1; group <= 3; group++) {
                commit(node, blind(group, "old"));
            }
            before = node.journal.records().size();
            transfer(node);
            all = node.journal.records();
        }
        assertThat(all.size()).isGreaterThan(before + 6);
        List<String> outcomes = new ArrayList<>();
        for (int length = before; length <= all.size(); length++) {
            List<LogRecord> survived = all.subList(0, length);
            String outcome;
            List<LogRecord> afterRecovery;
            try (TestNode node = TestNode.after(survived)) {
                outcome = read(node, 1) + read(node, 2) + read(node, 3);
                assertThat(outcome).as("after %s records", length).isIn("oldoldold", "newnewold");
                boolean decided = survived.stream().anyMatch(CrashBetweenRecordsTest::isCommit);
                if (decided) {
                    assertThat(outcome).as("decided, after %s records", length).isEqualTo("newnewold");
                }
                // Nothing stays locked: every group takes writes and reads again.
                transfer(node);
                assertThat(read(node, 1) + read(node, 2)).isEqualTo("newnew");
                afterRecovery = node.journal.records();
            }
            outcomes.add(outcome);
            try (TestNode again = TestNode.after(afterRecovery)) {
                assertThat(read(again, 1) + read(again, 2) + read(again, 3)).isEqualTo("newnewold");
            }
        }
        assertThat(outcomes).contains("oldoldold", "newnewold");
    }

    @Test
    void aCrashDuringRecoveryIsRecoveredFromAsWell() throws Exception {
        List<LogRecord> all;
        int before;
        try (TestNode node = TestNode.fresh()) {
            for (long group = 1; group <= 3; group++) {
                commit(node, blind(group, "old"));
            }
            before = node.journal.records().size();
            transfer(node);
            all = node.journal.records();
        }
        for (int length = before + 1; length < all.size(); length++) {
            List<LogRecord> recovering;
            String outcome;
            try (TestNode node = TestNode.after(all.subList(0, length))) {
                outcome = read(node, 1) + read(node, 2) + read(node, 3);
                recovering = node.journal.records();
            }
            for (int second = length; second < recovering.size(); second++) {
                try (TestNode node = TestNode.after(recovering.subList(0, second))) {
                    assertThat(read(node, 1) + read(node, 2) + read(node, 3))
                            .as("after %s records, then %s", length, second)
                            .isEqualTo(outcome);
                }
            }
        }
    }

    private static boolean isCommit(LogRecord record) {
        return record instanceof LogRecord.Accept accept
                && accept.entry().payload().length > 0
                && accept.entry().kind() == io.atlasdb.node.consensus.Entry.Kind.COMMAND
                && CommandCodec.decode(accept.group(), accept.entry().payload()) instanceof Command.Decide decide
                && decide.commit();
    }

    private static void transfer(TestNode node) throws Exception {
        try (Snapshot snapshot = node.store.snapshot()) {
            Commit commit = new Commit(
                    snapshot.timestamp(),
                    List.of(KeyRange.of(1, KEY), KeyRange.of(3, KEY)),
                    List.of(write(1, "new"), write(2, "new")),
                    List.of(),
                    List.of());
            commit(node, commit);
        }
        // The answer comes when all is prepared; readers wait until it is resolved.
        for (long group = 1; group <= 3; group++) {
            read(node, group);
        }
    }

    private static Commit blind(long group, String value) {
        return new Commit(Commit.BLIND, List.of(), List.of(write(group, value)), List.of(), List.of());
    }

    private static Write write(long group, String value) {
        return new Write(group, KEY, value.getBytes(UTF_8));
    }

    private static void commit(TestNode node, Commit commit) throws Exception {
        CompletableFuture<Long> done = node.store.commit(commit);
        done.get(10, TimeUnit.SECONDS);
    }

    private static String read(TestNode node, long group) {
        try (Snapshot snapshot = node.store.snapshot()) {
            byte[] value = snapshot.get(group, KEY);
            return value == null ? "none" : new String(value, UTF_8);
        }
    }
}
