package io.atlasdb.node.replica;

import io.atlasdb.node.clock.HybridClock;
import io.atlasdb.node.consensus.Configuration;
import io.atlasdb.node.consensus.Settings;

/** What all replicas of a node share. */
record ReplicaContext(
        Configuration.Voter self,
        ChainHash chain,
        StateMachine machine,
        Applier applier,
        Network network,
        HybridClock clock,
        Settings settings,
        SnapshotSource snapshots) {}
