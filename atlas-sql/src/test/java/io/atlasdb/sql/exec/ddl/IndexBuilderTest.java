package io.atlasdb.sql.exec.ddl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.Index;
import io.atlasdb.sql.tx.Transaction;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IndexBuilderTest {
    private static final int MANY = IndexStatements.ROWS_AT_ONCE_MAX + 250;

    private final DdlHarness ddl = new DdlHarness();

    @BeforeEach
    void table() {
        ddl.run("CREATE TABLE t (a INT PRIMARY KEY, b INT)");
    }

    @Test
    void aSmallTableIsIndexedAtOnce() {
        ddl.fill("T", 10, 2);
        assertThat(ddl.begin("CREATE INDEX i ON t (b DESC)").isEmpty()).isTrue();
        assertThat(ddl.index("T", "I").state()).isEqualTo(Index.State.PUBLIC);
        assertThat(ddl.indexed("T", "I")).containsExactly(8, 9, 6, 7, 4, 5, 2, 3, 0, 1);
        ddl.fails(ErrorCode.UNIQUE, "CREATE UNIQUE INDEX u ON t (b)").hasMessageContaining("(B) = (0)");
        assertThat(ddl.table("T").index("U")).isNull();
    }

    @Test
    void aLargeTableIsIndexedInStepsWhileOthersWrite() {
        ddl.fill("T", MANY, 1);
        FollowUp followUp = ddl.begin("CREATE UNIQUE INDEX i ON t (b)");
        assertThat(ddl.index("T", "I").state()).isEqualTo(Index.State.BUILDING);
        AtomicInteger steps = new AtomicInteger();
        ddl.builder.finish(followUp, () -> {
            int step = steps.getAndIncrement();
            ddl.insert("T", new Object[] {MANY + step, MANY + step}, new Object[] {-1 - step, -1 - step});
        });
        assertThat(steps.get()).isGreaterThan(MANY / 100);
        assertThat(ddl.index("T", "I").state()).isEqualTo(Index.State.PUBLIC);
        assertThat(ddl.indexed("T", "I")).hasSize(MANY + 2 * steps.get());
    }

    @Test
    void doubleValuesTakeTheIndexAwayAgain() {
        ddl.fill("T", MANY, 1);
        ddl.insert("T", new Object[][] {{MANY, MANY - 1}});
        ddl.fails(ErrorCode.UNIQUE, "CREATE UNIQUE INDEX i ON t (b)");
        assertThat(ddl.table("T").indexes()).isEmpty();
        assertThat(ddl.builder.unfinished().isEmpty()).isTrue();
        ddl.insert("T", new Object[][] {{MANY + 1, 0}});
    }

    @Test
    void whatACrashLeftIsFinishedAtTheNextStart() {
        ddl.fill("T", MANY, 3);
        FollowUp followUp = ddl.begin("CREATE INDEX i ON t (b)");
        AtomicInteger steps = new AtomicInteger();
        assertThatThrownBy(() -> ddl.builder.finish(followUp, () -> {
                    if (steps.incrementAndGet() == 3) {
                        throw ErrorCode.SHUTTING_DOWN.error();
                    }
                }))
                .isInstanceOf(AtlasException.class);
        assertThat(ddl.builder.unfinished()).isEqualTo(followUp);
        assertThat(ddl.builder.resume(() -> {})).isEmpty();
        assertThat(ddl.indexed("T", "I")).hasSize(MANY);
        assertThat(ddl.index("T", "I").state()).isEqualTo(Index.State.PUBLIC);
        assertThat(ddl.builder.unfinished().isEmpty()).isTrue();
    }

    @Test
    void entriesOfADroppedIndexAreClearedAway() {
        ddl.fill("T", MANY, 1);
        ddl.run("CREATE INDEX i ON t (b)");
        FollowUp followUp = ddl.begin("DROP INDEX i");
        assertThat(ddl.builder.unfinished()).isEqualTo(followUp);
        ddl.builder.finish(followUp, () -> {});
        assertThat(ddl.builder.unfinished().isEmpty()).isTrue();
        assertThat(ddl.rows("T")).hasSize(MANY);
        ddl.fails(ErrorCode.NO_SUCH_INDEX, "DROP INDEX i");
        ddl.run("DROP INDEX IF EXISTS i");
    }

    @Test
    void aTableThatGoesEndsTheWork() {
        ddl.fill("T", MANY, 1);
        FollowUp followUp = ddl.begin("CREATE INDEX i ON t (b)");
        ddl.run("DROP TABLE t");
        ddl.builder.finish(followUp, () -> {});
        assertThat(ddl.catalog().table("PUBLIC", "T")).isNull();
    }

    @Test
    void aLongBuildIsRefusedInATransactionOfTheUser() {
        ddl.fill("T", MANY, 1);
        try (Transaction transaction = ddl.transaction()) {
            assertThatThrownBy(() -> ddl.in(transaction, "CREATE INDEX i ON t (b)", true))
                    .isInstanceOfSatisfying(
                            AtlasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TRANSACTION_OPEN));
            assertThat(transaction.hasWrites()).isFalse();
        }
    }

    @Test
    void aConstraintKeepsItsIndex() {
        ddl.run("CREATE TABLE u (a INT UNIQUE)");
        ddl.fails(ErrorCode.DEPENDENT_OBJECTS, "DROP INDEX u_a_key");
    }
}
