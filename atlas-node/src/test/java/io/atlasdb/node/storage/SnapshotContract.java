package io.atlasdb.node.storage;

import static io.atlasdb.node.storage.History.bytes;
import static io.atlasdb.node.storage.History.position;
import static io.atlasdb.node.storage.History.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlasdb.node.Seeds;
import io.atlasdb.node.replica.Export;
import io.atlasdb.node.replica.Installation;
import io.atlasdb.node.replica.Mutation;
import io.atlasdb.node.replica.Position;
import io.atlasdb.node.replica.StateMachine;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every state machine does when a group is brought from one to another. Extended once for each. */
abstract class SnapshotContract {
    private static final long GROUP = 7;
    private static final byte[] CONFIGURATION = {1, 2, 3};

    /** An empty one. */
    abstract StateMachine create() throws Exception;

    /** The same state, after a checkpoint, a crash and a restart where that means something. */
    abstract StateMachine restarted(StateMachine machine) throws Exception;

    private static Installation of(Position position) {
        return new Installation(true, position, position.timestamp(), CONFIGURATION);
    }

    private static void transfer(Export from, StateMachine to, long since, int bytesMax) {
        to.beginInstall(GROUP, since > 0);
        byte[] after = null;
        do {
            Export.Page page = from.rows(after, since, bytesMax);
            to.installRows(GROUP, page.rows());
            after = page.next();
        } while (after != null);
        List<Export.Row> metas = new ArrayList<>();
        do {
            Export.Page page = from.metas(after, bytesMax);
            metas.addAll(page.rows());
            after = page.next();
        } while (after != null);
        to.finishInstall(GROUP, of(from.position()), metas);
    }

    @Test
    void anExportIsTheStateOfOnePositionWhateverIsAppliedMeanwhile() throws Exception {
        try (StateMachine source = create();
                StateMachine target = create()) {
            // The label of a version may lie above the timestamp of its entry: a transaction over several groups.
            source.apply(GROUP, position(1, 10), List.of(put("a", 90, "1"), put("b", 10, "2"), meta("m", "x")));
            source.apply(GROUP, position(2, 20), List.of(put("b", 20, null)));
            try (Export export = source.export(GROUP)) {
                source.apply(GROUP, position(3, 100), List.of(put("a", 100, "9"), put("c", 100, "9"), meta("m", "y")));
                assertThat(export.position()).isEqualTo(position(2, 20));
                transfer(export, target, 0, 1);
            }
            assertThat(target.applied(GROUP)).isEqualTo(position(2, 20));
            assertThat(target.get(GROUP, bytes("a"), 90)).isEqualTo(bytes("1"));
            assertThat(target.newestVersion(GROUP, bytes("b"))).isZero();
            assertThat(target.newestVersion(GROUP, bytes("c"))).isZero();
            assertThat(target.meta(GROUP, bytes("m"))).isEqualTo(bytes("x"));
            target.apply(GROUP, position(3, 100), List.of(put("a", 100, "9"), put("c", 100, "9"), meta("m", "y")));
            assertThat(StateHash.of(target, GROUP, 100)).isEqualTo(StateHash.of(source, GROUP, 100));
        }
    }

    private static Mutation meta(String key, String value) {
        return new Mutation(Mutation.Space.META, bytes(key), 0, bytes(value));
    }

    @Test
    void readsBelowTheFloorAreRefused() throws Exception {
        try (StateMachine source = create();
                StateMachine target = create()) {
            source.apply(GROUP, position(1, 10), List.of(put("a", 10, "1")));
            source.apply(GROUP, position(2, 20), List.of(put("a", 20, "2")));
            assertThat(source.floor(GROUP)).isZero();
            try (Export export = source.export(GROUP)) {
                transfer(export, target, 0, 100);
            }
            StateMachine again = restarted(target);
            assertThat(again.floor(GROUP)).isEqualTo(20);
            assertThat(again.installation(GROUP)).satisfies(last -> {
                assertThat(last.complete()).isTrue();
                assertThat(last.position()).isEqualTo(position(2, 20));
                assertThat(last.configuration()).isEqualTo(CONFIGURATION);
            });
            refused(ErrorCode.SNAPSHOT_TOO_OLD, () -> again.get(GROUP, bytes("a"), 19));
            refused(
                    ErrorCode.SNAPSHOT_TOO_OLD,
                    () -> again.scan(new io.atlasdb.sql.store.KeyRange(GROUP, new byte[0], new byte[0]), 19, false));
            assertThat(again.get(GROUP, bytes("a"), 20)).isEqualTo(bytes("2"));
            again.close();
        }
    }

    private static void refused(ErrorCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable read) {
        assertThatThrownBy(read)
                .isInstanceOfSatisfying(
                        AtlasException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void anInstallationThatWasCutShortIsKnownAndBeginsAgain() throws Exception {
        try (StateMachine source = create()) {
            StateMachine target = create();
            target.apply(GROUP, position(1, 10), List.of(put("old", 10, "1"), meta("m", "x")));
            target.apply(GROUP + 1, position(1, 10), List.of(put("other", 10, "1")));
            source.apply(GROUP, position(1, 10), List.of(put("a", 10, "1"), put("b", 10, "2")));
            try (Export export = source.export(GROUP)) {
                target.beginInstall(GROUP, false);
                target.installRows(GROUP, export.rows(null, 0, 1).rows());
                target = restarted(target);
                assertThat(target.installing()).containsExactly(GROUP);
                assertThat(target.installation(GROUP)).isNotNull().matches(last -> !last.complete());
                StateMachine half = target;
                refused(ErrorCode.BUSY, () -> half.get(GROUP, bytes("a"), Long.MAX_VALUE));
                assertThat(target.get(GROUP + 1, bytes("other"), 10)).isEqualTo(bytes("1"));
                transfer(export, target, 0, 1);
            }
            target = restarted(target);
            assertThat(target.get(GROUP, bytes("old"), 10)).isNull();
            assertThat(target.meta(GROUP, bytes("m"))).isNull();
            assertThat(StateHash.of(target, GROUP, 10)).isEqualTo(StateHash.of(source, GROUP, 10));
            target.close();
        }
    }

    @Test
    void randomHistoriesAreBroughtWholeAndInParts() {
        Seeds.forAll(25, random -> {
            StateMachine target = create();
            try (StateMachine source = create()) {
                History history = new History(random, 1 + random.nextInt(60));
                int steps = 20 + random.nextInt(60);
                for (int i = 0; i < steps; i++) {
                    history.next();
                }
                int first = 1 + random.nextInt(steps - 1);
                History.apply(source, GROUP, history.steps(), first);
                try (Export export = source.export(GROUP)) {
                    transfer(export, target, 0, 1 + random.nextInt(2_000));
                }
                int second = first + random.nextInt(steps - first);
                History.apply(source, GROUP, history.steps(), second);
                if (random.nextBoolean()) {
                    target = restarted(target);
                }
                try (Export export = source.export(GROUP)) {
                    long since = Math.max(1, target.applied(GROUP).timestamp() - 1);
                    transfer(export, target, since, 1 + random.nextInt(2_000));
                }
                target = restarted(target);
                History.apply(target, GROUP, history.steps(), steps);
                History.apply(source, GROUP, history.steps(), steps);
                for (long t = target.floor(GROUP); t <= history.timestamp() + 1; t++) {
                    assertThat(StateHash.of(target, GROUP, t)).isEqualTo(StateHash.of(source, GROUP, t));
                }
                long end = history.timestamp();
                while (target.collect(group -> end)) {}
                assertThat(StateHash.of(target, GROUP, end)).isEqualTo(StateHash.of(source, GROUP, end));
            } finally {
                target.close();
            }
        });
    }
}
