package io.atlasdb.node.cluster.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlasdb.node.consensus.Configuration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuorumCostsTest {
    /** Figures that were worked out by hand from the published round trips, three nodes a region, Fn = 1. */
    @ParameterizedTest(name = "owner in zone {1}, Fz = {0}")
    @CsvSource({
        "0, 0, 212, 0.4", "0, 1, 138, 0.4", "0, 2, 156, 0.4", "0, 3, 162, 0.4", "0, 4, 212, 0.4",
        "1, 0, 162, 107", "1, 1, 107, 50", "1, 2, 85, 11", "1, 3, 75, 11", "1, 4, 138, 75"
    })
    void quorumsCostTheRoundTripToTheirFarthestZone(int fz, int zone, double phase1Ms, double phase2Ms) {
        World world = World.five(fz, 0);
        QuorumCosts costs = new QuorumCosts(world.configuration, world.rtts);
        assertThat(costs.phase1Ms(zone)).isEqualTo(phase1Ms);
        assertThat(costs.phase2Ms(zone)).isEqualTo(phase2Ms);
    }

    @Test
    void anOwnerThatIsItsZoneWaitsForNobodyThere() {
        Configuration alone = new Configuration(List.of(new Configuration.Voter(1, 0)), 1, 0);
        assertThat(new QuorumCosts(alone, World.fiveRegions()).phase2Ms(0)).isZero();
    }

    @Test
    void whatWasNotMeasuredIsNotGuessed() {
        RttMatrix partly = new RttMatrix(Map.of(0, Map.of(1, 20.0)));
        assertThat(partly.ms(1, 0)).isEqualTo(20);
        assertThat(partly.ms(0, 2)).isNaN();
        World world = new World(partly, 3, 3, 1, 1, 0);
        QuorumCosts costs = new QuorumCosts(world.configuration, partly);
        assertThat(costs.phase2Ms(0)).isEqualTo(20);
        assertThat(costs.phase2Ms(2)).isNaN();
    }
}
