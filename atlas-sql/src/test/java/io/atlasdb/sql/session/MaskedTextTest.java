package io.atlasdb.sql.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaskedTextTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            SELECT * FROM t WHERE a = 'it''s' AND b=4711     | SELECT * FROM t WHERE a = ? AND b=?
            SELECT "a'b" FROM t1 -- 'secret'                 | SELECT "a'b" FROM t1
            INSERT INTO t VALUES (1.5e3, DATE '2026-01-01')  | INSERT INTO t VALUES (?, DATE ?)
            SELECT /* secret */ x'ff', 'never closed         | SELECT x?, ?
            """)
    void holdsNoValues(String sql, String masked) {
        assertThat(MaskedText.of(sql)).isEqualTo(masked);
    }

    @org.junit.jupiter.api.Test
    void isCut() {
        assertThat(MaskedText.of("SELECT " + "a, ".repeat(2_000)))
                .hasSizeLessThan(2_100)
                .endsWith("…");
    }
}
