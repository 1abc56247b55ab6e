package io.atlasdb.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a key has the order that is asked for, nothing is sorted and no more rows are read than needed. */
class KeyOrderTest {
    private final ListRows rows = Samples.rows();

    @BeforeEach
    void tablesAreLarge() {
        rows.assumedRows.put("EMP", 100_000.0);
        rows.assumedRows.put("LINE", 100_000.0);
    }

    /** The query, its rows, which way the key is read, and the limit of the scan ({@code -} for none). */
    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
        SELECT id FROM emp ORDER BY id                                  ~ 1;2;3;4         ~ forward  ~ -
        SELECT id FROM emp ORDER BY id DESC                             ~ 4;3;2;1         ~ backward ~ -
        SELECT name, id FROM emp ORDER BY id DESC LIMIT 2                ~ Dan|4;Cyd|3     ~ backward ~ 2
        SELECT id FROM emp ORDER BY id LIMIT 2 OFFSET 1                  ~ 2;3             ~ forward  ~ 3
        SELECT id FROM emp ORDER BY id, name, salary LIMIT 1             ~ 1               ~ forward  ~ 1
        SELECT id, id + 1 FROM emp ORDER BY 1 FETCH FIRST ROW ONLY       ~ 1|2             ~ forward  ~ 1
        SELECT salary, name FROM emp ORDER BY name DESC LIMIT 1          ~ null|Dan        ~ backward ~ 1
        SELECT dept, id FROM emp ORDER BY dept, id LIMIT 3               ~ null|4;10|1;10|2 ~ forward ~ 3
        SELECT dept, id FROM emp ORDER BY dept DESC, id DESC LIMIT 1     ~ 20|3            ~ backward ~ 1
        SELECT id FROM emp WHERE dept = 10 ORDER BY id DESC LIMIT 1      ~ 2               ~ backward ~ 1
        SELECT id FROM emp WHERE dept = 10 ORDER BY dept, id LIMIT 1     ~ 1               ~ forward  ~ 1
        SELECT a, b FROM line WHERE a = 2 ORDER BY b DESC LIMIT 2         ~ 2|3;2|2         ~ backward ~ 2
        SELECT a, b FROM line ORDER BY a DESC, b DESC LIMIT 2            ~ 3|3;3|2         ~ backward ~ 2
        SELECT a, b FROM line WHERE a > 1 ORDER BY a LIMIT 1             ~ 2|1             ~ forward  ~ 1
        SELECT name FROM emp WHERE salary > 4500 ORDER BY id LIMIT 1     ~ Ada             ~ forward  ~ -
        SELECT id FROM emp LIMIT 3                                      ~ 1;2;3           ~ forward  ~ 3
        SELECT id FROM emp WHERE id > 2 LIMIT 1                         ~ 3               ~ forward  ~ 1
        SELECT max(id) FROM emp                                         ~ 4               ~ backward ~ 1
        SELECT max(id) FROM emp WHERE id < 3                            ~ 2               ~ backward ~ 1
        SELECT max(id) FROM emp WHERE id > 100                          ~ null            ~ backward ~ 1
        SELECT min(name) FROM emp                                       ~ Ada             ~ forward  ~ 1
        SELECT min(dept) FROM emp                                       ~ 10              ~ forward  ~ -
        SELECT max(dept) FROM emp                                       ~ 20              ~ backward ~ 1
        SELECT max(b) FROM line WHERE a = 3                             ~ 3               ~ backward ~ 1
        SELECT min(id) + 1 FROM emp WHERE salary > 4500                 ~ 2               ~ forward  ~ -
        """)
    void theKeyYieldsTheOrder(String sql, String expected, String direction, String limit) {
        assertThat(String.join(";", rows.query(sql))).isEqualTo(expected);
        assertThat(rows.plan(sql).plan().explain()).doesNotContain("sort");
        assertThat(rows.scans).singleElement().satisfies(scan -> {
            assertThat(scan.reverse()).isEqualTo(direction.equals("backward"));
            assertThat(scan.limit()).isEqualTo(limit.equals("-") ? Long.MAX_VALUE : Long.parseLong(limit));
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
        SELECT a, b FROM line ORDER BY a DESC, b LIMIT 2             ~ 3|1;3|2
        SELECT a, b FROM line ORDER BY b, a LIMIT 2                  ~ 1|1;2|1
        SELECT id FROM emp ORDER BY dept DESC NULLS FIRST LIMIT 1    ~ 4
        SELECT id FROM emp ORDER BY dept NULLS LAST, id LIMIT 1      ~ 1
        SELECT id FROM emp WHERE dept > 5 ORDER BY id DESC LIMIT 1   ~ 3
        SELECT id FROM emp ORDER BY id * 2 LIMIT 1                   ~ 1
        SELECT id FROM emp WHERE dept IN (20, 10) ORDER BY dept DESC LIMIT 1 ~ 3
        SELECT b FROM line WHERE a IN (1, 2) ORDER BY b DESC LIMIT 1  ~ 3
        """)
    void otherOrdersAreStillRight(String sql, String expected) {
        assertThat(String.join(";", rows.query(sql))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
        SELECT a, b FROM line ORDER BY a DESC, b LIMIT 2
        SELECT a, b FROM line ORDER BY b, a
        SELECT v FROM line WHERE v > 1 ORDER BY v
        SELECT id FROM emp ORDER BY dept DESC NULLS FIRST LIMIT 1
        SELECT id FROM emp ORDER BY id * 2 LIMIT 1
        SELECT dept FROM emp GROUP BY dept ORDER BY count(*)
        """)
    void otherOrdersAreSorted(String sql) {
        assertThat(rows.plan(sql).plan().explain()).contains("sort");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
        SELECT min(salary) FROM emp                     ~ 3000.25
        SELECT max(id), min(id) FROM emp                ~ 4|1
        SELECT max(id) FILTER (WHERE dept = 10) FROM emp ~ 2
        SELECT sum(id) FROM emp                         ~ 10
        SELECT max(-id) FROM emp                        ~ -1
        """)
    void otherAggregatesReadAll(String sql, String expected) {
        assertThat(String.join(";", rows.query(sql))).isEqualTo(expected);
        assertThat(rows.scans)
                .singleElement()
                .satisfies(scan -> assertThat(scan.limit()).isEqualTo(Long.MAX_VALUE));
        assertThat(rows.plan(sql).plan().explain()).doesNotContain("limit");
    }

    @Test
    void aLimitMayBeAParameter() {
        Planned planned = rows.plan("SELECT id FROM emp ORDER BY id DESC LIMIT ?");
        assertThat(rows.run(planned, 2)).hasSize(2);
        assertThat(rows.scans)
                .singleElement()
                .satisfies(scan -> assertThat(scan.limit()).isEqualTo(2));
        planned = rows.plan("SELECT id FROM emp ORDER BY id DESC LIMIT ? OFFSET ?");
        assertThat(rows.run(planned, 2, 1)).extracting(row -> row[0]).containsExactly(3, 2);
    }
}
