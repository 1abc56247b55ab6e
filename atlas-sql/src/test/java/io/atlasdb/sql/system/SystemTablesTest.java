package io.atlasdb.sql.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlasdb.sql.access.AccessKeys;
import io.atlasdb.sql.access.Identity;
import io.atlasdb.sql.catalog.Catalog;
import io.atlasdb.sql.catalog.Check;
import io.atlasdb.sql.catalog.Column;
import io.atlasdb.sql.catalog.Index;
import io.atlasdb.sql.catalog.SqlType;
import io.atlasdb.sql.catalog.SqlType.Kind;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.codec.Convert;
import io.atlasdb.sql.store.MemoryStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SystemTablesTest {
    private final SystemTables tables = new SystemTables("1.2");
    private final Catalog catalog = new Catalog(
            1,
            Map.of("PUBLIC", Map.of("T", keyed(), "H", hidden()), "INFORMATION_SCHEMA", Map.of(), "ATLAS", Map.of()));

    @Test
    void schemataListsAllSchemas() {
        assertThat(column("INFORMATION_SCHEMA", "SCHEMATA", "SCHEMA_NAME"))
                .containsExactly("ATLAS", "INFORMATION_SCHEMA", "PUBLIC");
    }

    @Test
    void tablesListsUserAndSystemTables() {
        assertThat(column("INFORMATION_SCHEMA", "TABLES", "TABLE_NAME")).contains("T", "H", "SCHEMATA", "VERSION");
        assertThat(read("INFORMATION_SCHEMA", "TABLES").get(0))
                .containsExactly("ATLAS", "PUBLIC", "H", "BASE TABLE", "YES");
    }

    @Test
    void columnsDescribeTypesAndLeaveOutHiddenOnes() {
        List<@Nullable Object[]> rows = read("INFORMATION_SCHEMA", "COLUMNS");
        assertThat(rows.get(0)).startsWith("ATLAS", "PUBLIC", "H", "A", 1, null, "YES", "CHARACTER VARYING", 7L, 28L);
        assertThat(rows.get(1))
                .startsWith("ATLAS", "PUBLIC", "T", "ID", 1, null, "NO", "BIGINT", null, null, 19, 10, 0);
        assertThat(rows.get(1)).endsWith("YES", "BY DEFAULT");
        assertThat(rows.get(2))
                .startsWith("ATLAS", "PUBLIC", "T", "PRICE", 2, "0", "YES", "DECIMAL", null, null, 9, 10, 2);
        assertThat(rows.get(3)[13]).isEqualTo(3);
    }

    @Test
    void constraintsAndTheirColumns() {
        assertThat(column("INFORMATION_SCHEMA", "TABLE_CONSTRAINTS", "CONSTRAINT_TYPE"))
                .containsExactly("PRIMARY KEY", "UNIQUE", "CHECK");
        assertThat(column("INFORMATION_SCHEMA", "KEY_COLUMN_USAGE", "COLUMN_NAME"))
                .containsExactly("ID", "PRICE", "ID");
        assertThat(column("INFORMATION_SCHEMA", "CHECK_CONSTRAINTS", "CHECK_CLAUSE"))
                .containsExactly("PRICE > 0");
        assertThat(read("INFORMATION_SCHEMA", "REFERENTIAL_CONSTRAINTS")).isEmpty();
        assertThat(read("INFORMATION_SCHEMA", "VIEWS")).isEmpty();
    }

    @Test
    void atlasTablesNameGroupsAndIndexes() {
        assertThat(read("ATLAS", "TABLES").get(1)).containsExactly("PUBLIC", "T", 20L, 21L, 3L, 3, 2, "group=shop");
        assertThat(column("ATLAS", "INDEXES", "COLUMNS")).containsExactly("ID", "PRICE, ID", "PRICE DESC");
        assertThat(column("ATLAS", "VERSION", "VERSION")).containsExactly("1.2");
    }

    @Test
    void everyRowFitsItsColumns() {
        for (Table table : tables.all()) {
            for (@Nullable Object[] row : tables.rows(table, context())) {
                assertThat(row).as(table.name()).hasSameSizeAs(table.columns());
                for (int i = 0; i < row.length; i++) {
                    SqlType type = table.columns().get(i).type();
                    assertThat(Convert.to(type, row[i])).isEqualTo(row[i]);
                }
            }
            assertThat(SystemTables.isSystem(table)).isTrue();
            assertThat(tables.table(table.schema(), table.name())).isEqualTo(table);
        }
        assertThat(tables.all()).extracting(Table::id).doesNotHaveDuplicates();
    }

    @Test
    void othersRegisterAndSupply() {
        tables.register(
                "ATLAS",
                "NODES",
                SystemTable.columns("NODE", Kind.VARCHAR),
                context -> rows(new Object[] {context.user()}));
        assertThat(column("ATLAS", "NODES", "NODE")).containsExactly("ADA");
        assertThat(tables.tables("ATLAS")).containsKey("NODES");
        assertThat(read("ATLAS", "SESSIONS")).isEmpty();
        tables.supply(
                "ATLAS", "SESSIONS", context -> rows(new Object[] {1L, "ADA", "PUBLIC", 0L, "idle", null, null, null}));
        assertThat(column("ATLAS", "SESSIONS", "USER_NAME")).containsExactly("ADA");
        assertThatThrownBy(() -> tables.register("ATLAS", "NODES", SystemTable.columns("N", Kind.VARCHAR), c -> rows()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> tables.supply("ATLAS", "NONE", c -> rows()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> tables.register("PUBLIC", "N", SystemTable.columns("N", Kind.VARCHAR), c -> rows()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static List<@Nullable Object[]> rows(@Nullable Object[]... rows) {
        return Arrays.asList(rows);
    }

    private SystemContext context() {
        return new SystemContext(catalog, Identity.of("ADA"), "PUBLIC", AccessKeys.of(new MemoryStore().snapshot()));
    }

    private List<@Nullable Object[]> read(String schema, String name) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        tables.rows(Objects.requireNonNull(tables.table(schema, name)), context())
                .forEach(rows::add);
        return rows;
    }

    private List<@Nullable Object> column(String schema, String name, String column) {
        int position = Objects.requireNonNull(tables.table(schema, name)).position(column);
        List<@Nullable Object> values = new ArrayList<>();
        read(schema, name).forEach(row -> values.add(row[position]));
        return values;
    }

    private static Table keyed() {
        return new Table(
                20,
                21,
                "PUBLIC",
                "T",
                3,
                List.of(
                        new Column(
                                1, "ID", SqlType.of(Kind.BIGINT), false, null, Column.Identity.BY_DEFAULT, null, false),
                        new Column(
                                2,
                                "PRICE",
                                new SqlType(Kind.DECIMAL, 9, 2),
                                true,
                                "0",
                                Column.Identity.NONE,
                                null,
                                false),
                        new Column(
                                3, "AT", SqlType.of(Kind.TIMESTAMP, 3), true, null, Column.Identity.NONE, null, false)),
                List.of(new Index.Part(1, false)),
                "T_PK",
                List.of(
                        new Index(
                                4,
                                "U",
                                true,
                                List.of(new Index.Part(2, false), new Index.Part(1, false)),
                                Index.State.PUBLIC,
                                true),
                        new Index(5, "I", false, List.of(new Index.Part(2, true)), Index.State.BUILDING, false)),
                List.of(new Check("C", "PRICE > 0")),
                6,
                Map.of("group", "shop"));
    }

    private static Table hidden() {
        return new Table(
                22,
                22,
                "PUBLIC",
                "H",
                1,
                List.of(
                        new Column(
                                1, "ROW_ID", SqlType.of(Kind.BIGINT), false, null, Column.Identity.ALWAYS, null, true),
                        new Column(2, "A", SqlType.of(Kind.VARCHAR, 7), true, null, Column.Identity.NONE, null, false)),
                List.of(new Index.Part(1, false)),
                "H_PK",
                List.of(),
                List.of(),
                3,
                Map.of());
    }
}
