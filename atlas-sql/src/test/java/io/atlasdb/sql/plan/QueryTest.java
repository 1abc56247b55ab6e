package io.atlasdb.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Queries end to end on small tables: text in, rows out. */
class QueryTest {
    private final ListRows rows = Samples.rows();

    /** The query and its rows, separated by {@code ;}. */
    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
        SELECT id, name FROM emp WHERE id = 2                                    ~ 2|Bob
        SELECT name FROM emp WHERE dept = 10 ORDER BY name DESC                  ~ Bob;Ada
        SELECT name FROM emp WHERE dept IN (10, 20) AND id < 3 ORDER BY id       ~ Ada;Bob
        SELECT e.name, trim(d.title) FROM emp e JOIN dept d ON e.dept = d.id ORDER BY 1 ~ Ada|Research;Bob|Research;Cyd|Sales
        SELECT e.id, d.id FROM emp e LEFT JOIN dept d ON e.dept = d.id ORDER BY 1 ~ 1|10;2|10;3|20;4|null
        SELECT e.id, d.id FROM emp e RIGHT JOIN dept d ON e.dept = d.id ORDER BY 2, 1 ~ 1|10;2|10;3|20;null|30
        SELECT e.id, d.id FROM emp e FULL JOIN dept d ON e.dept = d.id ORDER BY 2, 1 ~ 4|null;1|10;2|10;3|20;null|30
        SELECT a.id, b.id FROM emp a JOIN emp b ON a.id < b.id WHERE b.id < 4 ORDER BY 1, 2 ~ 1|2;1|3;2|3
        SELECT name FROM emp e WHERE EXISTS (SELECT 1 FROM dept d WHERE d.id = e.dept) ORDER BY 1 ~ Ada;Bob;Cyd
        SELECT name FROM emp WHERE dept NOT IN (SELECT id FROM dept WHERE id > 10)  ~ Ada;Bob
        SELECT id FROM dept WHERE id NOT IN (SELECT dept FROM emp WHERE dept IS NOT NULL) ~ 30
        SELECT id FROM emp e WHERE id = 1 OR id NOT BETWEEN 2 AND 3 OR EXISTS (SELECT 1 FROM dept d WHERE d.id = e.dept AND d.id > 15) ORDER BY 1 ~ 1;3;4
        SELECT e.id FROM emp e, dept d WHERE (e.dept = d.id AND e.id = 1) OR (e.dept = d.id AND d.id = 20) ORDER BY 1 ~ 1;3
        SELECT dept, count(*), sum(salary), avg(salary) FROM emp GROUP BY dept ORDER BY dept ~ null|1|null|null;10|2|9000.50|4500.250000000000;20|1|3000.25|3000.250000000000
        SELECT count(DISTINCT dept), count(*) FILTER (WHERE id > 2) FROM emp      ~ 2|2
        SELECT dept, count(*) FROM emp WHERE dept IS NOT NULL GROUP BY ROLLUP(dept) ORDER BY 1 ~ null|3;10|2;20|1
        SELECT (SELECT max(d.id) FROM dept d WHERE d.id >= e.dept) FROM emp e ORDER BY e.id ~ 30;30;30;null
        SELECT name, row_number() OVER (PARTITION BY dept ORDER BY id DESC) FROM emp WHERE dept = 10 ORDER BY 1 ~ Ada|2;Bob|1
        SELECT name, sum(id) OVER (ORDER BY id) FROM emp ORDER BY id               ~ Ada|1;Bob|3;Cyd|6;Dan|10
        SELECT id FROM emp UNION SELECT b FROM line ORDER BY 1                     ~ 1;2;3;4
        SELECT id FROM emp INTERSECT SELECT a FROM line ORDER BY 1                 ~ 1;2;3
        SELECT id FROM emp EXCEPT SELECT a FROM line                              ~ 4
        WITH RECURSIVE t(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM t WHERE n < 4) SELECT sum(n) FROM t ~ 10
        WITH big AS (SELECT * FROM emp WHERE salary > 3500) SELECT count(*) FROM big ~ 2
        SELECT name FROM emp ORDER BY id DESC LIMIT 2                             ~ Dan;Cyd
        SELECT name FROM emp ORDER BY id OFFSET 1 ROWS FETCH NEXT 1 ROW ONLY      ~ Bob
        SELECT salary FROM emp ORDER BY salary NULLS LAST                         ~ 3000.25;4000.50;5000.00;null
        SELECT salary FROM emp ORDER BY salary                                    ~ null;3000.25;4000.50;5000.00
        SELECT id FROM dept WHERE title = 'Sales'                                 ~ 20
        SELECT upper(name) || '!' FROM emp WHERE name LIKE '_d%'                  ~ ADA!
        SELECT CURRENT_USER, CURRENT_TIMESTAMP                                    ~ ANNA|1709210096789012
        VALUES (1, 'a'), (2, 'b')                                                 ~ 1|a;2|b
        SELECT 7 / 2, -7 / 2, 7 % 3, 1 / 3.0, 0.1 + 0.2                           ~ 3|-3|1|0.3333333333|0.3
        SELECT avg(id), sum(id), min(name) FROM emp                               ~ 2.5000000000|10|Ada
        """)
    void rows(String sql, String expected) {
        assertThat(String.join(";", rows.query(sql))).isEqualTo(expected);
    }

    @Test
    void everyTypePassesThrough() {
        assertThat(rows.query("SELECT * FROM kinds WHERE id = 1"))
                .containsExactly("1|true|127|300|1.5|[1, 2]|00000000-0000-0001-0000-000000000002|{\"a\":1}"
                        + "|3600000001|1700000000123456|14|90061000001");
        assertThat(rows.query("SELECT * FROM kinds WHERE tiny IS NULL"))
                .containsExactly("2|null|null|null|null|null|null|null|null|null|null|null");
    }

    @Test
    void parametersTakeTheTypeOfTheirPlace() {
        Planned planned = rows.plan("SELECT name FROM emp WHERE salary > ? AND hired < ? AND seen = ?");
        assertThat(planned.plan().parameters())
                .extracting(parameter -> parameter.type().toString())
                .containsExactly("DECIMAL(10, 2)", "DATE", "TIMESTAMP");
    }

    @Test
    void resultColumnsNameTheirOrigin() {
        QueryPlan plan =
                (QueryPlan) rows.plan("SELECT name AS n, id + 1 FROM emp").plan();
        assertThat(plan.columns().get(0).label()).isEqualTo("N");
        assertThat(plan.columns().get(0).table()).isEqualTo("EMP");
        assertThat(plan.columns().get(0).column()).isEqualTo("NAME");
        assertThat(plan.columns().get(0).nullable()).isFalse();
        assertThat(plan.columns().get(1).table()).isNull();
    }
}
