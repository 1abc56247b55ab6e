package io.atlasdb.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plans over few rows run by steps, those over many by generated code: both give the same rows, in the same order. */
class StepsTest {
    private static final double MANY_ROWS = 1e9;

    private final ListRows few = Samples.rows();
    private final ListRows many = Samples.rows();

    StepsTest() {
        for (String table : List.of("EMP", "DEPT", "LINE", "KINDS")) {
            many.assumedRows.put(table, MANY_ROWS);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // logic of three values
                "SELECT id, dept > 10 AND salary > 100, dept > 10 OR salary > 100, NOT dept > 10 FROM emp ORDER BY id",
                "SELECT id, (dept > 10) IS TRUE, (dept > 10) IS NOT TRUE, (dept > 10) IS FALSE,"
                        + " (dept > 10) IS NOT FALSE FROM emp ORDER BY id",
                "SELECT id FROM emp WHERE dept IS NULL OR salary IS NOT NULL ORDER BY id DESC",
                "SELECT id FROM emp WHERE salary IN (4000.50, 3000.25, 7) ORDER BY id",
                "SELECT id FROM emp WHERE id + 0 IN (1, 2, 3, 9) AND id + 0 NOT IN (2) ORDER BY id",
                "SELECT id FROM emp WHERE id + dept BETWEEN 12 AND 23 ORDER BY id",
                // comparisons
                "SELECT a.id, b.id, a.name < b.name, a.name = b.name, a.salary <= b.salary, a.hired > b.hired"
                        + " FROM emp a, emp b ORDER BY 1, 2",
                "SELECT id, title = 'Sales', title > 'R' FROM dept ORDER BY id",
                "SELECT id, flag = TRUE, flag > FALSE, small > tiny, tiny <> id FROM kinds ORDER BY id",
                "SELECT a, b, v > 20, v = v, -v FROM line ORDER BY 3, 1 DESC, 2",
                // values
                "SELECT CASE WHEN dept = 10 THEN 'ten' WHEN salary > 1 THEN name ELSE NULL END FROM emp ORDER BY id",
                "SELECT CASE dept WHEN 10 THEN 1 WHEN 20 THEN 2 ELSE id END FROM emp ORDER BY id",
                "SELECT coalesce(dept, id), nullif(dept, 10), coalesce(salary, dept, 0) FROM emp ORDER BY id",
                "SELECT id + dept * 2 - 7 / id, id % 2, abs(id - 3), -dept FROM emp ORDER BY id",
                "SELECT salary * 2, salary / 3, salary + id, cast(salary AS INTEGER), cast(id AS VARCHAR) FROM emp"
                        + " ORDER BY id",
                "SELECT tiny + small, cast(tiny AS DOUBLE), f * 2, small - id FROM kinds ORDER BY id",
                "SELECT raw, u, j, t, tz, ym, dt FROM kinds ORDER BY id",
                "SELECT raw FROM kinds WHERE raw = X'0102'",
                "SELECT EXTRACT(YEAR FROM hired), seen + INTERVAL '1' DAY FROM emp ORDER BY id",
                "SELECT upper(name), name || '!', char_length(name) FROM emp ORDER BY id",
                // orders and limits
                "SELECT dept, name FROM emp ORDER BY dept NULLS LAST, name DESC",
                "SELECT dept, salary FROM emp ORDER BY dept DESC NULLS FIRST, salary DESC NULLS LAST",
                "SELECT salary FROM emp ORDER BY salary DESC",
                "SELECT dept, name FROM emp ORDER BY dept, name LIMIT 2 OFFSET 1",
                "SELECT v FROM line ORDER BY v DESC LIMIT 3",
                // aggregates
                "SELECT count(*), count(dept), sum(id), sum(salary), min(name), max(salary), avg(id) FROM emp",
                "SELECT count(*), sum(id), min(id), avg(salary) FROM emp WHERE id > 100",
                "SELECT dept, count(*), sum(id), max(name) FROM emp GROUP BY dept ORDER BY dept",
                "SELECT dept, salary > 4500, count(*) FILTER (WHERE id > 1) FROM emp GROUP BY dept, salary > 4500"
                        + " ORDER BY 1, 2",
                "SELECT sum(v), min(v), max(v), avg(v) FROM line",
                "SELECT sum(b), count(DISTINCT a), sum(DISTINCT b) FROM line",
                "SELECT DISTINCT dept FROM emp ORDER BY 1",
                "SELECT bool_and(flag), min(flag), max(tiny) FROM kinds",
                // joins and sub-queries
                "SELECT e.id, d.title FROM emp e JOIN dept d ON e.dept = d.id + 0 ORDER BY 1",
                "SELECT e.id, d.id FROM emp e LEFT JOIN dept d ON e.dept = d.id + 0 AND d.id > 10 ORDER BY 1",
                "SELECT e.id, d.id FROM emp e RIGHT JOIN dept d ON e.dept = d.id + 0 ORDER BY 2, 1",
                "SELECT e.id, d.id FROM emp e FULL JOIN dept d ON e.dept = d.id + 0 ORDER BY 2, 1",
                "SELECT e.id, d.id FROM emp e LEFT JOIN dept d ON e.dept < d.id ORDER BY 1, 2",
                "SELECT e.id, d.id FROM emp e FULL JOIN dept d ON e.dept < d.id ORDER BY 1, 2",
                "SELECT a.id, b.id FROM emp a JOIN emp b ON a.dept IS NOT DISTINCT FROM b.dept ORDER BY 1, 2",
                "SELECT id FROM emp WHERE EXISTS (SELECT 1 FROM dept d WHERE d.id = emp.dept) ORDER BY 1",
                "SELECT id FROM emp WHERE NOT EXISTS (SELECT 1 FROM dept d WHERE d.id = emp.dept) ORDER BY 1",
                "SELECT id FROM dept WHERE id NOT IN (SELECT dept FROM emp)",
                "SELECT id FROM dept WHERE id NOT IN (SELECT dept FROM emp WHERE dept IS NOT NULL)",
                "SELECT id, (SELECT count(*) FROM emp e WHERE e.id < emp.id) FROM emp ORDER BY 1",
                "SELECT id, (SELECT max(d.id) FROM dept d WHERE d.id >= emp.dept) FROM emp ORDER BY 1",
                "SELECT id FROM emp WHERE salary > (SELECT avg(salary) FROM emp) ORDER BY id",
                "SELECT id FROM emp UNION SELECT a FROM line ORDER BY 1",
                "SELECT id, dept FROM emp UNION SELECT a, a FROM line ORDER BY 1, 2",
                "SELECT id, dept FROM emp UNION ALL SELECT a, a FROM line ORDER BY 1, 2",
                "SELECT id FROM emp INTERSECT SELECT a FROM line ORDER BY 1",
                "SELECT id, row_number() OVER (ORDER BY name DESC) FROM emp ORDER BY 1",
                "SELECT x.n, e.name FROM (VALUES (1, 'a'), (3, NULL), (4, 'c')) AS x(n, t) JOIN emp e ON e.id = x.n"
                        + " ORDER BY 1",
            })
    void giveTheSameRowsAsGeneratedCode(String sql) {
        assertThat(few.query(sql)).isEqualTo(many.query(sql));
    }

    @Test
    void takeParameters() {
        String sql = "SELECT id, dept + ?, name = ? FROM emp WHERE salary > ? ORDER BY id";
        assertThat(few.query(sql, 5, "Ada", java.math.BigDecimal.ONE))
                .isEqualTo(many.query(sql, 5, "Ada", java.math.BigDecimal.ONE))
                .containsExactly("1|15|true", "2|15|false", "3|25|false");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1 / (id - 2) FROM emp ORDER BY 1",
                "SELECT id + 2147483647 FROM emp ORDER BY 1",
                "SELECT id FROM emp WHERE dept = (SELECT id FROM dept)",
                "SELECT cast(name AS INTEGER) FROM emp ORDER BY 1",
            })
    void failAsGeneratedCodeDoes(String sql) {
        assertThat(error(few, sql)).isEqualTo(error(many, sql));
    }

    private static ErrorCode error(ListRows rows, String sql) {
        try {
            return fail(rows.query(sql));
        } catch (AtlasException e) {
            return e.code();
        }
    }

    private static ErrorCode fail(List<String> rows) {
        throw new AssertionError("no error but " + rows);
    }

    /** A branch that is not evaluated cannot fail. */
    @Test
    void computeOnlyTheChosenBranch() {
        assertThat(few.query("SELECT CASE WHEN id = 2 THEN 0 ELSE 1 / (id - 2) END FROM emp ORDER BY id"))
                .containsExactly("-1", "0", "1", "0");
    }

    /** Each level names the one below four times: steps would compute it as often, generated code does it once. */
    @Test
    void leaveWhatGrowsWithoutBoundToGeneratedCode() {
        String nested = "dept";
        for (int i = 0; i < 5; i++) {
            nested = "coalesce(nullif(" + nested + " + 1, 5), 0)";
        }
        assertThat(few.query("SELECT " + nested + " FROM emp WHERE id = 1 OR id = 3 ORDER BY id"))
                .containsExactly("15", "25");
    }

    @Test
    void countWhatTheyKeep() {
        few.budget = 200;
        for (int i = 0; i < 1_000; i++) {
            few.insert("LINE", 10, (long) i, 1.0);
        }
        assertThat(error(few, "SELECT b, v FROM line ORDER BY v, b")).isEqualTo(ErrorCode.MEMORY_BUDGET);
        assertThat(error(few, "SELECT b, count(*) FROM line GROUP BY b")).isEqualTo(ErrorCode.MEMORY_BUDGET);
    }
}
