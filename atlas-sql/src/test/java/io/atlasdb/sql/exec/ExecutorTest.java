package io.atlasdb.sql.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.access.Identity;
import io.atlasdb.sql.catalog.CatalogStore;
import io.atlasdb.sql.catalog.Check;
import io.atlasdb.sql.catalog.Column;
import io.atlasdb.sql.catalog.Index;
import io.atlasdb.sql.catalog.Sequences;
import io.atlasdb.sql.catalog.SqlType;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.plan.DeletePlan;
import io.atlasdb.sql.plan.InsertPlan;
import io.atlasdb.sql.plan.KeyDeletePlan;
import io.atlasdb.sql.plan.KeyGetPlan;
import io.atlasdb.sql.plan.KeyUpdatePlan;
import io.atlasdb.sql.plan.Plan;
import io.atlasdb.sql.plan.QueryPlan;
import io.atlasdb.sql.plan.RowCursor;
import io.atlasdb.sql.plan.RowExpression;
import io.atlasdb.sql.plan.RowSource.KeyBounds;
import io.atlasdb.sql.plan.UpdatePlan;
import io.atlasdb.sql.store.MemoryStore;
import io.atlasdb.sql.tx.Isolation;
import io.atlasdb.sql.tx.Transaction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Plans made by hand, run on the store in memory. Table: ID identity key, N not null with a check, U unique, S with a default. */
@NullMarked
class ExecutorTest {
    private static final int ID = 0;
    private static final int N = 1;
    private static final int U = 2;
    private static final int S = 3;
    private static final int[] ALL = {ID, N, U, S};
    private static final Index UNIQUE =
            new Index(10, "T_U", true, List.of(new Index.Part(3, false)), Index.State.PUBLIC, true);
    private static final Index BY_N = new Index(
            11, "T_N", false, List.of(new Index.Part(2, true), new Index.Part(4, false)), Index.State.BUILDING, false);
    private static final Table TABLE = new Table(
            20,
            20,
            "PUBLIC",
            "T",
            1,
            List.of(
                    column(1, "ID", SqlType.Kind.BIGINT, null, Column.Identity.BY_DEFAULT),
                    column(2, "N", SqlType.Kind.INTEGER, null, Column.Identity.NONE),
                    nullable(3, "U", SqlType.Kind.INTEGER, null),
                    nullable(4, "S", SqlType.Kind.VARCHAR, "'new'")),
            List.of(new Index.Part(1, false)),
            "T_PK",
            List.of(UNIQUE, BY_N),
            List.of(new Check("N_SMALL", "N < 100")),
            12,
            Map.of());

    private final MemoryStore store = new MemoryStore();
    private final MemoryPool pool = new MemoryPool(1 << 20);
    private final Executor executor = new Executor(new Sequences(store), new Texts(), new NoSystemRows(), pool);
    private Transaction transaction = new Transaction(store, Isolation.SERIALIZABLE, false);

    @BeforeEach
    void createTable() {
        new CatalogStore().putTable(transaction, TABLE);
        commit();
    }

    @Test
    void insertFillsInWhatIsLeftOut() {
        Outcome outcome = run(insert(new int[] {N}, row(5), row(6)), true);
        assertThat(outcome.updateCount()).isEqualTo(2);
        assertThat(outcome.keys()).extracting(key -> key[0]).containsExactly(1L, 2L);
        assertThat(rows(null)).isEqualTo(List.of(Arrays.asList(1L, 5, null, "new"), Arrays.asList(2L, 6, null, "new")));
    }

    @Test
    void everyRowIsChecked() {
        insertRow(1, 5, 7);
        assertError(insert(ALL, row(2L, null, 1, "x")), ErrorCode.NOT_NULL, "N");
        assertError(insert(ALL, row(2L, 100, 1, "x")), ErrorCode.CHECK, "N_SMALL");
        assertError(insert(ALL, row(1L, 5, 1, "x")), ErrorCode.UNIQUE, "T_PK of table PUBLIC.T: (ID) = (1)");
        assertError(insert(ALL, row(2L, 5, 7, "x")), ErrorCode.UNIQUE, "T_U of table PUBLIC.T: (U) = (7)");
        run(insert(ALL, row(2L, 5, null, "x"), row(3L, 5, null, "x")), false);
    }

    @Test
    void keyPlansFindOneRow() {
        insertRow(1, 5, 7);
        assertThat(collect(run(get(1L), false))).isEqualTo(List.of(List.of("s", 5)));
        assertThat(collect(run(get(2L), false))).isEmpty();
        assertThat(collect(run(get(null), false))).isEmpty();
        KeyUpdatePlan update = new KeyUpdatePlan(
                TABLE,
                List.of(value(1L)),
                new int[] {U, N},
                List.of(value(8), (row, source) -> (Integer) row[N] + 1),
                List.of(),
                "");
        assertThat(run(update, false).updateCount()).isEqualTo(1);
        assertThat(rows(null)).isEqualTo(List.of(Arrays.asList(1L, 6, 8, "s")));
        assertThat(rows(UNIQUE)).isEqualTo(List.of(Arrays.asList(1L, 6, 8, "s")));
        KeyDeletePlan delete = new KeyDeletePlan(TABLE, List.of(value(1L)), List.of(), "");
        assertThat(run(delete, false).updateCount()).isEqualTo(1);
        assertThat(run(delete, false).updateCount()).isZero();
        assertThat(rows(UNIQUE)).isEmpty();
        assertThat(rows(BY_N)).isEmpty();
    }

    @Test
    void keysMoveOverEachOther() {
        for (int i = 1; i <= 3; i++) {
            insertRow(i, i, i * 10);
        }
        Plan shift = update(new int[] {ID, U}, row -> row((Long) row[ID] + 1, (Integer) row[U] + 10));
        assertThat(run(shift, false).updateCount()).isEqualTo(3);
        List<List<@Nullable Object>> expected =
                List.of(Arrays.asList(2L, 1, 20, "s"), Arrays.asList(3L, 2, 30, "s"), Arrays.asList(4L, 3, 40, "s"));
        assertThat(rows(null)).isEqualTo(expected);
        assertThat(rows(UNIQUE)).isEqualTo(expected);
        List<List<@Nullable Object>> descending = new ArrayList<>(expected);
        Collections.reverse(descending);
        assertThat(rows(BY_N)).isEqualTo(descending);
        assertError(update(new int[] {U}, row -> row(1)), ErrorCode.UNIQUE, "T_U");
    }

    @Test
    void upsertReplacesTheRowWithThatKey() {
        insertRow(1, 5, 7);
        insertRow(2, 5, 8);
        assertThat(run(upsert(row(1L, 6, 9, "r"), row(3L, 6, 7, "r")), false).updateCount())
                .isEqualTo(2);
        assertThat(rows(UNIQUE)).extracting(row -> row.get(ID)).containsExactly(3L, 2L, 1L);
        assertError(upsert(row(1L, 6, 8, "r")), ErrorCode.UNIQUE, "T_U");
    }

    @Test
    void deleteRemovesRowsAndEntries() {
        for (int i = 1; i <= 3; i++) {
            insertRow(i, i, i);
        }
        DeletePlan delete = new DeletePlan(TABLE, all(), List.of(), List.of(TABLE), "");
        assertThat(run(delete, false).updateCount()).isEqualTo(3);
        assertThat(rows(null)).isEmpty();
        assertThat(rows(UNIQUE)).isEmpty();
        assertThat(rows(BY_N)).isEmpty();
    }

    @Test
    void anEmptyScanIsValidated() {
        assertThat(rows(null)).isEmpty();
        Transaction other = new Transaction(store, Isolation.SERIALIZABLE, false);
        other.put(20, new byte[] {3, 20, 0, 1}, new byte[0]);
        assertThat(other.commit()).isCompleted();
        transaction.put(20, new byte[] {9}, new byte[0]);
        assertThat(transaction.commit()).isCompletedExceptionally();
    }

    @Test
    void scansObeyBoundsOrderAndLimit() {
        for (int i = 1; i <= 9; i++) {
            insertRow(i, i % 3, i);
        }
        assertThat(ids(new KeyBounds(null, new Object[0], 3L, false, 7L, true, false, 3)))
                .containsExactly(4L, 5L, 6L);
        assertThat(ids(new KeyBounds(null, new Object[0], null, false, 3L, true, true, Long.MAX_VALUE)))
                .containsExactly(3L, 2L, 1L);
        assertThat(ids(new KeyBounds(BY_N, new Object[] {2}, null, false, null, false, false, Long.MAX_VALUE)))
                .containsExactly(2L, 5L, 8L);
        assertThat(ids(new KeyBounds(BY_N, new Object[0], 1, true, null, false, false, 4)))
                .containsExactly(2L, 5L, 8L, 1L);
    }

    @Test
    void aBudgetStopsCollecting() {
        for (int i = 1; i <= 9; i++) {
            insertRow(i, i, i);
        }
        StatementContext statement = statement(Interrupt.after(0), 300);
        DeletePlan delete = new DeletePlan(TABLE, all(), List.of(), List.of(TABLE), "");
        assertThatThrownBy(() -> executor.run(delete, statement, false))
                .isInstanceOfSatisfying(
                        AtlasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MEMORY_BUDGET))
                .hasMessageContaining("DELETE");
        statement.close();
        assertThat(pool.usedBytes()).isZero();
    }

    @Test
    void aCancelledStatementStops() {
        insertRow(1, 1, 1);
        Interrupt interrupt = Interrupt.after(0);
        StatementContext statement = statement(interrupt, 1 << 20);
        interrupt.cancel();
        assertThatThrownBy(() -> executor.run(all(), statement, false))
                .isInstanceOfSatisfying(
                        AtlasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
        statement.close();
        transaction.rollback();
        assertThat(store.openSnapshots()).isZero();
    }

    private void insertRow(long id, int n, int u) {
        run(insert(ALL, row(id, n, u, "s")), false);
        commit();
    }

    private void commit() {
        assertThat(transaction.commit()).isCompleted();
        transaction = new Transaction(store, Isolation.SERIALIZABLE, false);
    }

    private StatementContext statement(Interrupt interrupt, long budgetBytes) {
        return executor.statement(
                transaction,
                new StatementContext.Scope(Identity.of("me"), "PUBLIC", 0, false),
                List.of(),
                List.of(),
                interrupt,
                budgetBytes);
    }

    private Outcome run(Plan plan, boolean keys) {
        return executor.run(plan, statement(Interrupt.after(0), 1 << 20), keys);
    }

    private void assertError(Plan plan, ErrorCode code, String part) {
        var start = transaction.savepoint();
        assertThatThrownBy(() -> run(plan, false))
                .isInstanceOfSatisfying(
                        AtlasException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(part);
        transaction.rollbackTo(start);
    }

    private List<List<@Nullable Object>> rows(@Nullable Index index) {
        return collect(
                run(scan(new KeyBounds(index, new Object[0], null, false, null, false, false, Long.MAX_VALUE)), false));
    }

    private List<@Nullable Object> ids(KeyBounds bounds) {
        List<@Nullable Object> ids = new ArrayList<>();
        collect(run(scan(bounds), false)).forEach(row -> ids.add(row.get(ID)));
        return ids;
    }

    private static List<List<@Nullable Object>> collect(Outcome outcome) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        RowCursor cursor = Objects.requireNonNull(outcome.rows());
        try (cursor) {
            while (cursor.next()) {
                rows.add(Arrays.asList(cursor.row()));
            }
        }
        return rows;
    }

    private static QueryPlan all() {
        return scan(new KeyBounds(null, new Object[0], null, false, null, false, false, Long.MAX_VALUE));
    }

    private static QueryPlan scan(KeyBounds bounds) {
        return new QueryPlan(
                List.of(),
                List.of(),
                List.of(TABLE),
                source -> new IteratorCursor(source.scan(TABLE, bounds, ALL), row -> row),
                "");
    }

    private static Plan update(int[] set, Function<@Nullable Object[], @Nullable Object[]> values) {
        QueryPlan source = new QueryPlan(
                List.of(),
                List.of(),
                List.of(TABLE),
                rows -> new IteratorCursor(
                        rows.scan(
                                TABLE,
                                new KeyBounds(null, new Object[0], null, false, null, false, false, Long.MAX_VALUE),
                                ALL),
                        row -> {
                            @Nullable Object[] both = Arrays.copyOf(row, row.length + set.length);
                            System.arraycopy(values.apply(row), 0, both, row.length, set.length);
                            return both;
                        }),
                "");
        return new UpdatePlan(TABLE, set, source, List.of(), List.of(TABLE), "");
    }

    private static Plan insert(int[] targets, @Nullable Object[]... rows) {
        return insert(targets, false, rows);
    }

    private static Plan upsert(@Nullable Object[]... rows) {
        return insert(ALL, true, rows);
    }

    private static Plan insert(int[] targets, boolean upsert, @Nullable Object[]... rows) {
        List<List<@Nullable RowExpression>> expressions = new ArrayList<>();
        for (@Nullable Object[] row : rows) {
            List<@Nullable RowExpression> values = new ArrayList<>();
            for (Object value : row) {
                values.add(value(value));
            }
            expressions.add(values);
        }
        return new InsertPlan(TABLE, targets, null, expressions, upsert, List.of(), List.of(TABLE), "");
    }

    private static KeyGetPlan get(@Nullable Long id) {
        return new KeyGetPlan(List.of(), List.of(), TABLE, List.of(value(id)), new int[] {S, N}, "");
    }

    private static RowExpression value(@Nullable Object value) {
        return (row, source) -> value;
    }

    private static @Nullable Object[] row(@Nullable Object... values) {
        return values;
    }

    private static Column column(
            int id, String name, SqlType.Kind kind, @Nullable String sql, Column.Identity identity) {
        return new Column(id, name, SqlType.of(kind), false, sql, identity, null, false);
    }

    private static Column nullable(int id, String name, SqlType.Kind kind, @Nullable String sql) {
        return new Column(id, name, SqlType.of(kind), true, sql, Column.Identity.NONE, null, false);
    }

    /** The only DEFAULT is 'new', the only CHECK is N < 100. */
    private static final class Texts implements Expressions {
        @Override
        public RowExpression defaultOf(Table table, Column column, String sql) {
            return value("new");
        }

        @Override
        public RowExpression checkOf(Table table, String sql) {
            return (row, source) -> row[N] == null ? null : (Integer) row[N] < 100;
        }
    }

    private static final class NoSystemRows implements StatementContext.SystemRows {
        @Override
        public boolean holds(Table table) {
            return false;
        }

        @Override
        public Iterator<@Nullable Object[]> rows(Table table, StatementContext statement) {
            throw new AssertionError("no system tables");
        }
    }

    private record IteratorCursor(
            Iterator<@Nullable Object[]> rows,
            Function<@Nullable Object[], @Nullable Object[]> map,
            List<@Nullable Object[]> present)
            implements RowCursor {
        IteratorCursor(Iterator<@Nullable Object[]> rows, Function<@Nullable Object[], @Nullable Object[]> map) {
            this(rows, map, new ArrayList<>());
        }

        @Override
        public boolean next() {
            present.clear();
            if (rows.hasNext()) {
                present.add(map.apply(rows.next()));
            }
            return !present.isEmpty();
        }

        @Override
        public @Nullable Object[] row() {
            return present.get(0);
        }

        @Override
        public void close() {
            present.clear();
        }
    }
}
