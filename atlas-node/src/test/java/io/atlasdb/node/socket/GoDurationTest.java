package io.atlasdb.node.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoDurationTest {
    @ParameterizedTest
    @CsvSource({
        "0, PT0S",
        "1h30m, PT1H30M",
        "1.5s, PT1.5S",
        "-2ms, PT-0.002S",
        "+3us, PT0.000003S",
        "4µs, PT0.000004S",
        ".5m, PT30S",
        "1h1h, PT2H",
        "7ns, PT0.000000007S"
    })
    void readsWhatGoReads(String text, String expected) {
        assertThat(GoDuration.parse(text)).isEqualTo(Duration.parse(expected));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
            1x                   | time: unknown unit "x" in duration "1x"
            1d                   | time: unknown unit "d" in duration "1d"
            1                    | time: missing unit in duration "1"
            h                    | time: invalid duration "h"
            -                    | time: invalid duration "-"
            ''                   | time: invalid duration ""
            .s                   | time: invalid duration ".s"
            1.2.3s               | time: invalid duration "1.2.3s"
            9999999999h          | time: invalid duration "9999999999h"
            """)
    void refusesInGosWords(String text, String message) {
        assertThatThrownBy(() -> GoDuration.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
