package io.atlasdb.node.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WanTest {
    @TempDir
    private Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("rtt.csv"), text);
    }

    @Test
    void presetsKnowAllTheirPairs() {
        for (String preset : Wan.PRESETS) {
            Wan wan = Wan.of(preset, List.of());
            assertThat(wan.regions()).hasSizeGreaterThan(2);
            for (String from : wan.regions()) {
                for (String to : wan.regions()) {
                    assertThat(wan.ms(from, to)).isPositive().isEqualTo(wan.ms(to, from));
                }
            }
        }
        assertThat(Wan.of("global", List.of()).ms("ireland", "tokyo")).isEqualTo(212);
        assertThat(Wan.of("global", List.of("ohio", "tokyo")).regions()).containsExactly("ohio", "tokyo");
        assertThat(Wan.of("local", List.of("a", "b")).ms("a", "b")).isEqualTo(Wan.INSIDE_MS);
    }

    @Test
    void aFileIsReadLikeAPreset() throws IOException {
        Wan wan = Wan.of(file("# mine\nfrom,to,rtt_ms\na, b, 12.5\n").toString(), List.of());
        assertThat(wan.regions()).containsExactly("a", "b");
        assertThat(wan.ms("b", "a")).isEqualTo(12.5);
    }

    @ParameterizedTest
    @CsvSource({
        "'a,b', lines are from",
        "'a,b,soon', no number",
        "'a,b,-1', not from 0",
        "'a,b,1;b,c,2', no figure for a and c"
    })
    void whatCannotBeReadIsNamed(String text, String reason) throws IOException {
        String file = file(text.replace(';', '\n')).toString();
        assertThatThrownBy(() -> Wan.of(file, List.of())).hasMessageContaining(reason);
    }

    @Test
    void unknownRegionsAndFilesAreNamed() {
        assertThatThrownBy(() -> Wan.of("global", List.of("mars"))).hasMessageContaining("tokyo");
        assertThatThrownBy(() -> Wan.of("/nowhere/rtt.csv", List.of())).hasMessageContaining("single-continent");
    }
}
