package io.atlasdb.node.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a new owner must propose again, from the promises of a phase-1 quorum.
 *
 * <p>The new owner has every slot up to the highest commit index that was reported. Above, per slot the entry with the highest
 * ballot is taken, as long as its hash follows from the one just taken; the first that does not was never chosen, and nothing
 * above it was.
 */
final class Recovery {
    private Recovery() {}

    /**
     * The entries above {@code slot}, in order; {@code hash} is the chain hash there. The list ends with the first entry that
     * changes the quorums: what lies above it is asked for again, of a quorum of the new ones.
     */
    static List<Entry> entries(
            Map<Integer, Message.Promise> promises, long slot, Hash hash, Chain chain, Configuration configuration) {
        List<Entry> recovered = new ArrayList<>();
        Hash previous = hash;
        for (long next = slot + 1; ; next++) {
            Entry entry = choose(promises, next);
            if (entry == null
                    || !entry.hash()
                            .equals(chain.next(previous, next, entry.kind(), entry.timestamp(), entry.payload()))) {
                return recovered;
            }
            recovered.add(entry);
            previous = entry.hash();
            if (isStop(entry, configuration)) {
                return recovered;
            }
        }
    }

    /** Whether an entry changes the quorums, so that nothing may be proposed above it until it is chosen. */
    static boolean isStop(Entry entry, @Nullable Configuration configuration) {
        return entry.kind() == Entry.Kind.CONFIGURATION
                && (configuration == null || !configuration.hasSameQuorums(Configuration.decode(entry.payload())));
    }

    private static @Nullable Entry choose(Map<Integer, Message.Promise> promises, long slot) {
        Message.Accepted best = null;
        for (Message.Promise promise : promises.values()) {
            Message.Accepted accepted = promise.at(slot);
            if (accepted != null && (best == null || accepted.ballot().compareTo(best.ballot()) > 0)) {
                best = accepted;
            }
        }
        return best == null ? null : best.entry();
    }
}
