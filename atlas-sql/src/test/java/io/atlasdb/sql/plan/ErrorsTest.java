package io.atlasdb.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlasdb.proto.AtlasException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every mistake has its SQLSTATE and a message that helps; none shows a class name. */
class ErrorsTest {
    private final ListRows rows = Samples.rows();

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
        SELECT nme FROM emp                              ~ 42703 ~ did you mean NAME?
        SELECT e.nme FROM emp e                          ~ 42703 ~ line 1, column 10
        SELECT * FROM epm                                ~ 42P01 ~ did you mean EMP?
        SELECT * FROM nowhere.emp                        ~ 3F000 ~ does not exist
        SELECT id FROM emp, dept                         ~ 42702 ~ ambiguous
        SELECT dept, name FROM emp GROUP BY dept         ~ 42803 ~ not being grouped
        SELECT nofun(id) FROM emp                        ~ 42883 ~ NOFUN
        SELECT name + hired FROM emp                     ~ 42804 ~ Cannot apply
        SELECT ? FROM emp                                ~ 42804 ~ CAST(? AS type)
        SELECT id / (id - id) FROM emp                   ~ 22012 ~ division by zero
        SELECT id % (id - id) FROM emp                   ~ 22012 ~ division by zero
        SELECT salary / 0 FROM emp                       ~ 22012 ~ division by zero
        SELECT v / 0 FROM line                           ~ 22012 ~ division by zero
        SELECT id + 2147483647 FROM emp                  ~ 22003 ~ INTEGER
        SELECT id * 9223372036854775807 FROM emp         ~ 22003 ~ BIGINT
        SELECT CAST(300 AS TINYINT)                      ~ 22003 ~ TINYINT
        SELECT CAST(12345.6 AS DECIMAL(4, 1))            ~ 22003 ~ DECIMAL(4, 1)
        SELECT CAST('abc' AS INTEGER)                    ~ 22P02 ~ abc
        SELECT CAST('maybe' AS BOOLEAN)                  ~ 22P02 ~ maybe
        SELECT CAST('xyz' AS UUID)                       ~ 22P02 ~ UUID
        SELECT (SELECT id FROM dept) FROM emp            ~ 21000 ~ more than one row
        UPDATE emp SET nme = 1                           ~ 42703 ~ did you mean NAME?
        INSERT INTO emp (id) VALUES (1, 2)               ~ 42601 ~ 1 columns
        INSERT INTO emp (id, id) VALUES (1, 2)           ~ 42601 ~ twice
        INSERT INTO epm VALUES (1)                       ~ 42P01 ~ did you mean EMP?
        INSERT INTO emp (id, name) SELECT id FROM emp    ~ 42601 ~ 2 columns
        """)
    void mistakes(String sql, String state, String message) {
        assertThatThrownBy(() -> rows.query(sql)).isInstanceOfSatisfying(AtlasException.class, error -> {
            assertThat(error.code().sqlState()).as(error.getMessage()).isEqualTo(state);
            assertThat(error.getMessage()).contains(message).doesNotContain("org.apache");
        });
    }

    @Test
    void memoryBeyondTheBudgetNamesTheStep() {
        for (int i = 10; i < 5_000; i++) {
            rows.insert("LINE", i, (long) i, 1.0);
        }
        rows.budget = 50_000;
        assertThatThrownBy(() -> rows.query("SELECT * FROM line ORDER BY v")).hasMessageContaining("sort");
        rows.reserved = 0;
        assertThatThrownBy(() -> rows.query("SELECT a, b, count(*) FROM line GROUP BY a, b"))
                .hasMessageContaining("aggregate");
        rows.reserved = 0;
        assertThatThrownBy(() -> rows.query("SELECT * FROM line x JOIN line y ON x.v = y.v"))
                .hasMessageContaining("hash join");
        rows.reserved = 0;
        assertThat(rows.query("SELECT count(*) FROM line")).containsExactly("4999");
        assertThat(rows.query("SELECT b FROM line ORDER BY v, b LIMIT 1")).containsExactly("10");
    }

    @Test
    void aRunningLoopLooksWhetherItMustStop() {
        for (int i = 10; i < 1_000; i++) {
            rows.insert("LINE", i, (long) i, 1.0);
        }
        rows.checksAllowed = 20;
        assertThatThrownBy(() -> rows.query("SELECT count(*) FROM line x JOIN line y ON x.v > y.v + 100"))
                .hasMessageContaining("cancelled");
    }

    @Test
    void anEndlessRecursionIsStopped() {
        rows.checksAllowed = 1_000;
        assertThatThrownBy(() -> rows.query(
                        "WITH RECURSIVE t(n) AS (VALUES (1) UNION ALL SELECT n FROM t) SELECT count(*) FROM t"))
                .hasMessageContaining("cancelled");
    }
}
