package io.atlasdb.sql.plan;

import io.atlasdb.sql.catalog.Column;
import io.atlasdb.sql.catalog.Index;
import io.atlasdb.sql.catalog.SqlType;
import io.atlasdb.sql.catalog.SqlType.Kind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Small tables that most tests of plans share. */
final class Samples {
    private Samples() {}

    static ListRows rows() {
        ListRows rows = new ListRows();
        rows.table(
                "EMP",
                columns(
                        "ID!", SqlType.of(Kind.INTEGER),
                        "NAME!", SqlType.of(Kind.VARCHAR, 20),
                        "DEPT", SqlType.of(Kind.INTEGER),
                        "SALARY", new SqlType(Kind.DECIMAL, 10, 2),
                        "HIRED", SqlType.of(Kind.DATE),
                        "SEEN", SqlType.of(Kind.TIMESTAMP)),
                List.of("ID"),
                new Index(1, "EMP_DEPT", false, List.of(new Index.Part(2, false)), Index.State.PUBLIC, false),
                new Index(2, "EMP_NAME", true, List.of(new Index.Part(1, false)), Index.State.PUBLIC, false));
        rows.insert("EMP", 1, "Ada", 10, new BigDecimal("5000.00"), 19_000, 1_700_000_000_123_456L);
        rows.insert("EMP", 2, "Bob", 10, new BigDecimal("4000.50"), 19_100, 1_700_000_000_123_457L);
        rows.insert("EMP", 3, "Cyd", 20, new BigDecimal("3000.25"), 19_200, null);
        rows.insert("EMP", 4, "Dan", null, null, null, -1L);
        rows.table("DEPT", columns("ID!", SqlType.of(Kind.INTEGER), "TITLE", SqlType.of(Kind.CHAR, 8)), List.of("ID"));
        rows.insert("DEPT", 10, "Research");
        rows.insert("DEPT", 20, "Sales   ");
        rows.insert("DEPT", 30, "Empty   ");
        rows.table(
                "LINE",
                columns(
                        "A!", SqlType.of(Kind.INTEGER),
                        "B!", SqlType.of(Kind.BIGINT),
                        "V", SqlType.of(Kind.DOUBLE)),
                List.of("A", "B"));
        for (int a = 1; a <= 3; a++) {
            for (long b = 1; b <= 3; b++) {
                rows.insert("LINE", a, b, a * 10.0 + b);
            }
        }
        rows.table(
                "KINDS",
                columns(
                        "ID!", SqlType.of(Kind.BIGINT),
                        "FLAG", SqlType.of(Kind.BOOLEAN),
                        "TINY", SqlType.of(Kind.TINYINT),
                        "SMALL", SqlType.of(Kind.SMALLINT),
                        "F", SqlType.of(Kind.REAL),
                        "RAW", SqlType.of(Kind.VARBINARY),
                        "U", SqlType.of(Kind.UUID),
                        "J", SqlType.of(Kind.JSON),
                        "T", SqlType.of(Kind.TIME),
                        "TZ", SqlType.of(Kind.TIMESTAMP_TZ),
                        "YM", SqlType.of(Kind.INTERVAL_YEAR_MONTH),
                        "DT", SqlType.of(Kind.INTERVAL_DAY_TIME)),
                List.of("ID"));
        rows.insert(
                "KINDS",
                1L,
                true,
                (byte) 127,
                (short) 300,
                1.5f,
                new byte[] {1, 2},
                new UUID(1, 2),
                "{\"a\":1}",
                3_600_000_001L,
                1_700_000_000_123_456L,
                14,
                90_061_000_001L);
        rows.insert("KINDS", 2L, null, null, null, null, null, null, null, null, null, null, null);
        return rows;
    }

    private static List<Column> columns(Object... namesAndTypes) {
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < namesAndTypes.length; i += 2) {
            columns.add(ListRows.column(i / 2, (String) namesAndTypes[i], (SqlType) namesAndTypes[i + 1]));
        }
        return columns;
    }
}
