package io.atlasdb.node.sim;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs many seeds; a failure prints its seed and what led to it. */
class SimulationTest {
    private static final Sweep CONSENSUS = Simulations.CONSENSUS.sweep(2_000);

    private static final Sweep TRANSACTIONS = Simulations.TRANSACTIONS.sweep(20_000);

    @Test
    void transactionsOverSeveralGroupsAreStrictlySerializableWhateverFails() {
        TRANSACTIONS.run(150);
    }

    @Test
    void nothingIsLostAndEverythingGetsDoneWhateverFails() {
        CONSENSUS.run(2_000);
    }

    /**
     * Seeds that once failed. 25475: the only voter left came back with half a snapshot and no entry, so it knew no member to ask,
     * and nobody had a reason to speak to it. 2245: the log did not know of a snapshot that the store had, so that entries hung in the
     * air once the next snapshot had begun.
     */
    @ParameterizedTest
    @ValueSource(longs = {25_475, 2_245})
    void whatFailedOnceFailsNoMore(long seed) {
        CONSENSUS.one(seed);
    }
}
