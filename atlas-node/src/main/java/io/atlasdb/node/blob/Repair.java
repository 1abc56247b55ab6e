package io.atlasdb.node.blob;

import io.atlasdb.node.consensus.Configuration;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fetches chunks that rows of this node's groups refer to and that are not here, or are damaged. */
final class Repair {
    private static final Logger LOG = LoggerFactory.getLogger(Repair.class);

    private final ChunkStore store;
    private final Peers peers;
    private final Referrers referrers;
    private volatile int missing;

    Repair(ChunkStore store, Peers peers, Referrers referrers) {
        this.store = store;
        this.peers = peers;
        this.referrers = referrers;
    }

    /** Chunks that were missing after the last look. */
    int missing() {
        return missing;
    }

    /** Looks once and fetches what is missing; how many chunks came. */
    int run() {
        Map<ChunkName, Long> wanted = new HashMap<>();
        referrers.applied((group, value) -> {
            Configuration members = peers.members(group);
            if (members != null && members.hasMember(peers.self)) {
                for (ChunkName name : ChunkName.of(value)) {
                    if (!store.isThere(name)) {
                        wanted.put(name, group);
                    }
                }
            }
        });
        int fetched = 0;
        for (Map.Entry<ChunkName, Long> one : wanted.entrySet()) {
            if (Thread.currentThread().isInterrupted()) {
                break;
            }
            byte[] bytes = peers.fetch(one.getValue(), one.getKey());
            if (bytes != null) {
                store.take(one.getKey(), bytes, 0, bytes.length);
                fetched++;
            }
        }
        missing = wanted.size() - fetched;
        if (!wanted.isEmpty()) {
            LOG.info("{} chunks of large values were missing here, {} were fetched", wanted.size(), fetched);
        }
        return fetched;
    }
}
