package io.atlasdb.node.sim;

import org.junit.jupiter.api.Test;

/** Runs many seeds; a failure prints its seed and what led to it. */
class SimulationTest {
    @Test
    void nothingIsLostAndEverythingGetsDoneWhateverFails() {
        Sweep.run(1_000, 2_000);
    }
}
