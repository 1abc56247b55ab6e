package io.atlasdb.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A key is used also when its column is compared with a value of a wider type. */
class KeyConversionTest {
    private final ListRows rows = Samples.rows();

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
        SELECT id FROM emp WHERE id = 2.0                                    ~ 2
        SELECT id FROM emp WHERE id = 2.5                                    ~ ``
        SELECT id FROM emp WHERE id = 3000000000                             ~ ``
        SELECT id FROM emp WHERE id > 2.5                                    ~ 3;4
        SELECT id FROM emp WHERE id > 2.0                                    ~ 3;4
        SELECT id FROM emp WHERE id >= 2.5                                   ~ 3;4
        SELECT id FROM emp WHERE id >= 3.0                                   ~ 3;4
        SELECT id FROM emp WHERE id < 2.5                                    ~ 1;2
        SELECT id FROM emp WHERE id < 3.0                                    ~ 1;2
        SELECT id FROM emp WHERE id <= 2.5                                   ~ 1;2
        SELECT id FROM emp WHERE id <= 2.0                                   ~ 1;2
        SELECT id FROM emp WHERE 2.5 > id                                    ~ 1;2
        SELECT id FROM emp WHERE id < 3000000000                             ~ 1;2;3;4
        SELECT id FROM emp WHERE id > 3000000000                             ~ ``
        SELECT id FROM emp WHERE id > CAST(-3000000000 AS BIGINT)            ~ 1;2;3;4
        SELECT id FROM emp WHERE id < CAST(-3000000000 AS BIGINT)            ~ ``
        SELECT id FROM emp WHERE id = CAST(3 AS BIGINT)                      ~ 3
        SELECT id FROM emp WHERE id > 1 AND id <= CAST(3 AS BIGINT)          ~ 2;3
        SELECT b FROM line WHERE a = CAST(2 AS BIGINT) AND b >= 2.0          ~ 2;3
        SELECT b FROM line WHERE a = 2 AND b > 99999999999999999999999999.0  ~ ``
        SELECT id FROM emp WHERE dept = 10.0 ORDER BY id                     ~ 1;2
        """)
    void theKeyIsUsed(String sql, String expected) {
        rows.assumedRows.put("EMP", 100_000.0);
        rows.assumedRows.put("LINE", 100_000.0);
        assertThat(String.join(";", rows.query(sql))).isEqualTo(expected);
        assertThat(rows.plan(sql).plan().explain()).contains("[").doesNotContain("filter", "all rows");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
        SELECT id FROM emp WHERE id = 2e0                    ~ 2
        SELECT id FROM emp WHERE CAST(id AS SMALLINT) = 2    ~ 2
        SELECT id FROM emp WHERE id + 1 = 3.0                ~ 2
        SELECT id FROM emp WHERE id <> 2.0 AND id < dept     ~ 1;3
        """)
    void otherComparisonsAreTested(String sql, String expected) {
        assertThat(String.join(";", rows.query(sql))).isEqualTo(expected);
        assertThat(rows.plan(sql).plan().explain()).contains("filter", "all rows");
    }

    @ParameterizedTest
    @CsvSource({"2, 1", "3000000000, 0"})
    void aParameterMayBeWider(long value, int found) {
        assertThat(rows.run(rows.plan("SELECT id FROM emp WHERE id = CAST(? AS BIGINT)"), value))
                .hasSize(found);
    }
}
