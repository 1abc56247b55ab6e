package io.atlasdb.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EscapesTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "SELECT 1 | SELECT 1",
                "{d '2024-01-01'} | DATE '2024-01-01'",
                "{ ts '2024-01-01 00:00:00' } | TIMESTAMP '2024-01-01 00:00:00' ",
                "{t'00:00:00'} | TIME'00:00:00'",
                "a LIKE 'x' {escape '\\'} | a LIKE 'x' ESCAPE '\\'",
                "'{d ''x''}' \"{t}\" | '{d ''x''}' \"{t}\"",
                "{fn ABS({fn POWER(2, 3)})} | {fn ABS({fn POWER(2, 3)})}",
                "{oj a JOIN b ON {d '2024-01-01'} = c} x | a JOIN b ON DATE '2024-01-01' = c x",
                "/* {d */ 1 | /* {d */ 1",
                "{d 'open | DATE 'open"
            })
    void translates(String sql, String plain) {
        assertThat(Escapes.translate(sql).trim()).isEqualTo(plain.trim());
    }

    @org.junit.jupiter.api.Test
    void commentsEndWithTheirLine() {
        assertThat(Escapes.translate("-- {d\n{d '1'}")).isEqualTo("-- {d\nDATE '1'");
    }
}
