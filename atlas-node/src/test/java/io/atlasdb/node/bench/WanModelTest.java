package io.atlasdb.node.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.atlasdb.node.bench.WanModel.Distribution;
import io.atlasdb.node.demo.Wan;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WanModelTest {
    private static final Wan GLOBAL = Wan.of("global", List.of());

    private static WanModel model(int fz, double sigma, double writes) {
        return new WanModel(GLOBAL, 3, 1, fz, 1_000, sigma, writes);
    }

    @Test
    void theBoundOfReadsIsTheWayToTheOwner() {
        double mean = 0;
        for (int region = 0; region < 5; region++) {
            mean += model(0, 60, 0).bound(region).mean() / 5;
        }
        // Worked out on its own: about 90 % of the operations are local, all regions together wait 8.6 ms for the
        // others.
        assertThat(mean).isCloseTo(8.7, within(0.5));
        assertThat(model(0, 60, 0).bound(0).percentile(0.5)).isZero();
    }

    @Test
    void writesPayTheQuorumOfTheOwnerAsWell() {
        assertThat(model(1, 10, 1).bound(0).percentile(0.5)).as("Tokyo").isEqualTo(107);
        assertThat(model(1, 10, 1).bound(2).percentile(0.5)).as("Ohio").isEqualTo(11);
        assertThat(model(0, 10, 1).bound(4).percentile(0.5)).as("Ireland alone").isEqualTo(0.4);
    }

    @Test
    void whatIsChosenHasTheLocalityThatTheBoundSupposes() {
        WanModel model = model(0, 60, 0);
        SplittableRandom random = new SplittableRandom(1);
        Distribution chosen = new Distribution();
        for (int i = 0; i < 200_000; i++) {
            int owner = model.owner(model.choose(3, 0, random));
            chosen.add(owner == 3 ? 0 : GLOBAL.ms("virginia", GLOBAL.regions().get(owner)), 1);
        }
        assertThat(chosen.mean()).isCloseTo(model.bound(3).mean(), within(0.2));
        assertThat(model.owner(model.choose(0, 2, random))).isIn(1, 2, 3);
    }
}
