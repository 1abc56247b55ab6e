package io.atlasdb.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlasdb.node.replica.SnapshotProgress;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArrivingTest {
    @Test
    void itSumsWhatComesAndSurvivesTheWire() {
        Arriving arriving = Arriving.of(List.of(
                new SnapshotProgress(7, 1, true, 4_096, 20, 100),
                new SnapshotProgress(8, 2, true, 512, 9, 5),
                new SnapshotProgress(9, 2, false, 0, 0, 0)));
        assertThat(arriving).as("an estimate is no less than what came").isEqualTo(new Arriving(3, 4_608, 29, 109));
        assertThat(Arriving.decode(arriving.encode())).isEqualTo(arriving);
        assertThat(ClusterMessage.decode(new ClusterMessage.Arrivals().encode()))
                .isEqualTo(new ClusterMessage.Arrivals());
    }
}
