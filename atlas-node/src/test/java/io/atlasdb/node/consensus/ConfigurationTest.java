package io.atlasdb.node.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Every phase-1 quorum meets every phase-2 quorum, tried for every small grid. */
class ConfigurationTest {
    @Test
    void everyPhase1QuorumMeetsEveryPhase2Quorum() {
        int tried = 0;
        for (int a = 1; a <= 3; a++) {
            for (int b = 0; b <= 3; b++) {
                for (int c = 0; c <= 2; c++) {
                    tried += tryAll(a, b, c);
                }
            }
        }
        assertThat(tried).isGreaterThan(100);
    }

    private static int tryAll(int... sizes) {
        List<Configuration.Voter> voters = new ArrayList<>();
        int zones = 0;
        for (int zone = 0; zone < sizes.length; zone++) {
            zones += sizes[zone] > 0 ? 1 : 0;
            for (int i = 0; i < sizes[zone]; i++) {
                voters.add(new Configuration.Voter(10 * zone + i, zone));
            }
        }
        int tried = 0;
        for (int fn = 0; fn <= 2; fn++) {
            for (int fz = 0; zones >= 2 * fz + 1; fz++) {
                check(new Configuration(voters, fn, fz));
                tried++;
            }
        }
        return tried;
    }

    private static void check(Configuration configuration) {
        List<Set<Integer>> phase1 = new ArrayList<>();
        List<Set<Integer>> phase2 = new ArrayList<>();
        int count = configuration.voters().size();
        for (int bits = 0; bits < 1 << count; bits++) {
            Set<Integer> nodes = new TreeSet<>();
            for (int i = 0; i < count; i++) {
                if ((bits >> i & 1) != 0) {
                    nodes.add(configuration.voters().get(i).node());
                }
            }
            if (configuration.isPhase1(nodes)) {
                phase1.add(nodes);
            }
            if (configuration.isPhase2(nodes)) {
                phase2.add(nodes);
            }
        }
        assertThat(phase1).isNotEmpty();
        assertThat(phase2).isNotEmpty();
        for (Set<Integer> one : phase1) {
            for (Set<Integer> two : phase2) {
                assertThat(one.stream().anyMatch(two::contains))
                        .as("%s: %s and %s", configuration, one, two)
                        .isTrue();
            }
        }
    }

    @Test
    void impossibleTolerancesAreRefused() {
        List<Configuration.Voter> one = List.of(new Configuration.Voter(1, 0));
        assertThatThrownBy(() -> new Configuration(one, 0, 1)).hasMessageContaining("at least 3 zones");
        assertThatThrownBy(() -> new Configuration(List.of(), 0, 0)).isInstanceOf(IllegalArgumentException.class);
        List<Configuration.Voter> twice = List.of(new Configuration.Voter(1, 0), new Configuration.Voter(1, 1));
        assertThatThrownBy(() -> new Configuration(twice, 0, 0)).hasMessageContaining("twice");
    }
}
