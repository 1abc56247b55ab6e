package io.atlasdb.node.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlasdb.proto.AtlasException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
    private static final Map<String, String> DEFAULTS = Map.of("threads", "1,8", "seconds", "5", "peers", "");

    @Test
    void bothSpellingsAndDefaults() {
        Arguments arguments = Arguments.parse(List.of("--threads", "2", "--peers=h2"), DEFAULTS);
        assertThat(arguments.integers("threads", 1, 64)).containsExactly(2);
        assertThat(arguments.words("peers", List.of("h2", "postgres"))).containsExactly("h2");
        assertThat(arguments.decimal("seconds", 0, 10)).isEqualTo(5);
        assertThat(Arguments.parse(List.of(), DEFAULTS).integers("threads", 1, 64))
                .containsExactly(1, 8);
        assertThat(Arguments.parse(List.of(), DEFAULTS).words("peers", List.of("h2")))
                .isEmpty();
    }

    @Test
    void mistakesNameTheArgument() {
        refused("--thread; did you mean threads?", "--thread", "2");
        refused("--seconds", "--seconds");
        refused("invalid value x for --threads", "--threads=x");
        refused("invalid value 65 for --threads", "--threads", "1,65");
        refused("did you mean postgres?", "--peers", "postgre");
        refused("stray", "stray");
    }

    private static void refused(String message, String... arguments) {
        assertThatThrownBy(() -> {
                    Arguments parsed = Arguments.parse(List.of(arguments), DEFAULTS);
                    parsed.integers("threads", 1, 64);
                    parsed.words("peers", List.of("h2", "postgres"));
                })
                .isInstanceOf(AtlasException.class)
                .hasMessageContaining(message);
    }
}
