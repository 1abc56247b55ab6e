package io.atlasdb.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How joins are done: EMP and LINE are said to be large, DEPT to be small. */
class JoinTest {
    private final ListRows rows = Samples.rows();

    @BeforeEach
    void someTablesAreLarge() {
        rows.assumedRows.put("DEPT", 200.0);
        rows.assumedRows.put("EMP", 100_000.0);
        rows.assumedRows.put("LINE", 1_000_000.0);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
        SELECT e.name, d.id FROM emp e JOIN dept d ON e.dept = d.id WHERE e.id = 3     ~ Cyd|20
        SELECT e.name, d.id FROM dept d JOIN emp e ON e.dept = d.id WHERE e.id = 3     ~ Cyd|20
        SELECT e.name, d.id FROM emp e JOIN dept d ON e.dept = d.id WHERE d.id = 10 ORDER BY 1 ~ Ada|10;Bob|10
        SELECT e.name FROM emp e, dept d WHERE e.dept = d.id AND d.title = 'Sales'      ~ Cyd
        SELECT d.id, e.name FROM dept d LEFT JOIN emp e ON e.dept = d.id AND e.id > 1 ORDER BY 1 ~ 10|Bob;20|Cyd;30|null
        SELECT e.name, l.v FROM emp e JOIN line l ON l.a = e.id AND l.b = 2 WHERE e.id < 3 ORDER BY 1 ~ Ada|12.0;Bob|22.0
        SELECT e.name, l.v FROM emp e JOIN line l ON l.a = e.id WHERE e.id = 2 AND l.v > 21.5 ORDER BY 2 ~ Bob|22.0;Bob|23.0
        SELECT e.name FROM dept d JOIN emp e ON e.dept = d.id AND e.id = d.id - 8 ~ Bob
        SELECT l.v, d.id FROM line l JOIN emp e ON l.a = e.id JOIN dept d ON e.dept = d.id WHERE d.title = 'Sales' AND l.b = 1 ~ 31.0|20
        """)
    void aSmallSideLooksUpTheLargeOne(String sql, String expected) {
        assertThat(String.join(";", rows.query(sql))).isEqualTo(expected);
        assertThat(rows.plan(sql).plan().explain()).contains("look-up join").doesNotContain("hash join");
    }

    /** The query, its rows, and the table that is kept in memory. */
    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
        SELECT count(*) FROM emp e JOIN line l ON e.id + 1 = l.a        ~ 6 ~ EMP
        SELECT count(*) FROM line l JOIN emp e ON e.id + 1 = l.a        ~ 6 ~ EMP
        SELECT count(*) FROM line l JOIN dept d ON d.id = l.a * 10      ~ 9 ~ DEPT
        SELECT count(*) FROM dept d LEFT JOIN line l ON d.id = l.v      ~ 3 ~ LINE
        """)
    void otherwiseTheSmallSideIsKept(String sql, String expected, String kept) {
        assertThat(String.join(";", rows.query(sql))).isEqualTo(expected);
        String explain = rows.plan(sql).plan().explain();
        assertThat(explain).contains("hash join").doesNotContain("look-up");
        assertThat(explain.lines().filter(line -> line.contains("scan")).reduce("", (before, last) -> last))
                .contains(kept);
    }

    @Test
    void aConditionThatAllAlternativesShareIsJoinedBy() {
        String sql = "SELECT count(*) FROM emp e, line l"
                + " WHERE (e.id = l.a AND l.b = 1 AND e.dept = 10) OR (e.id = l.a AND l.b = 2 AND e.dept = 20)";
        assertThat(rows.query(sql)).containsExactly("3");
        assertThat(rows.plan(sql).plan().explain()).doesNotContain("nested loop");
    }

    /** Two large tables are read once each: a look-up for every row would cost more. */
    @Test
    void largeTablesAreNotLookedUpRowByRow() {
        assertThat(rows.plan("SELECT count(*) FROM emp e JOIN line l ON e.id = l.a")
                        .plan()
                        .explain())
                .contains("hash join")
                .doesNotContain("look-up");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT count(*) FROM emp e RIGHT JOIN dept d ON e.dept = d.id AND e.id = 1",
                "SELECT count(*) FROM emp e FULL JOIN dept d ON e.dept = d.id",
                "SELECT count(*) FROM dept d JOIN emp e ON e.dept > d.id * 2 OR e.salary = d.id",
                "SELECT count(*) FROM dept d JOIN (SELECT dept, count(*) AS n FROM emp GROUP BY dept) e ON e.dept = d.id"
            })
    void whatIsNoScanOrHasNoKeyIsNotLookedUp(String sql) {
        assertThat(rows.plan(sql).plan().explain()).doesNotContain("look-up");
        assertThat(rows.query(sql)).hasSize(1);
    }

    @Test
    void theColumnsMayHaveDifferentTypes() {
        assertThat(rows.query("SELECT e.name FROM kinds k JOIN emp e ON e.id = k.id ORDER BY 1"))
                .containsExactly("Ada", "Bob");
        assertThat(rows.plan("SELECT e.name FROM kinds k JOIN emp e ON e.id = k.id ORDER BY 1")
                        .plan()
                        .explain())
                .contains("EMP by primary key [ID = ");
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 12, 20})
    @Timeout(30)
    void manyTablesArePlannedInTime(int tables) {
        String from = IntStream.range(0, tables).mapToObj(i -> "emp e" + i).collect(Collectors.joining(", "));
        String chain = IntStream.range(1, tables)
                .mapToObj(i -> "e" + i + ".dept = e" + (i - 1) + ".id")
                .collect(Collectors.joining(" AND "));
        long start = System.nanoTime();
        rows.plan("SELECT count(*) FROM " + from + " WHERE " + chain + " AND e0.id = 1");
        rows.plan("SELECT count(*) FROM " + from);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
    }
}
