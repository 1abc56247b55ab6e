package io.atlasdb.sql.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatternTest {
    @ParameterizedTest
    @CsvSource({
        "%, , true",
        "A, A, true",
        "A, B, false",
        "A_C, ABC, true",
        "A\\_C, ABC, false",
        "A\\_C, A_C, true",
        "A%C, AC, true",
        "A%C, ABCBC, true",
        "A%C, ABCB, false",
        "%%, X, true",
        "A\\%, A%, true",
        "A\\%, AB, false",
        "A\\\\, A\\, true",
        "_, , false"
    })
    void matches(String pattern, String text, boolean matches) {
        assertThat(new Metadata.Pattern(pattern).matches(text == null ? "" : text))
                .isEqualTo(matches);
    }

    @Test
    void nothingMatchesAnything() {
        assertThat(new Metadata.Pattern(null).matches("X")).isTrue();
        assertThat(new Metadata.Pattern("").matches("X")).isFalse();
    }

    /** The same answers as the obvious definition. */
    @Test
    void agreesWithTheDefinition() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            String pattern = text(random, "ab%_\\");
            String text = text(random, "ab%_");
            assertThat(new Metadata.Pattern(pattern).matches(text))
                    .as("seed %d: %s against %s", seed, text, pattern)
                    .isEqualTo(obvious(pattern, text));
        }
    }

    private static String text(Random random, String letters) {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(7); n > 0; n--) {
            text.append(letters.charAt(random.nextInt(letters.length())));
        }
        return text.toString();
    }

    private static boolean obvious(String pattern, String text) {
        if (pattern.isEmpty()) {
            return text.isEmpty();
        }
        char c = pattern.charAt(0);
        if (c == '%') {
            return obvious(pattern.substring(1), text) || (!text.isEmpty() && obvious(pattern, text.substring(1)));
        }
        boolean escaped = c == '\\' && pattern.length() > 1;
        char wanted = escaped ? pattern.charAt(1) : c;
        boolean here = !text.isEmpty() && ((c == '_') || text.charAt(0) == wanted);
        return here && obvious(pattern.substring(escaped ? 2 : 1), text.substring(1));
    }
}
