package io.atlasdb.node.replica;

import io.atlasdb.node.consensus.Entry;
import io.atlasdb.node.consensus.GroupCore;
import io.atlasdb.node.consensus.Hash;
import java.util.ArrayList;
import java.util.List;

/** Entries that have their slots and hashes and wait for the end of the round, or for the end of a change of the quorums. */
final class Proposals {
    private final GroupCore core;
    private final ChainHash chain;
    private final List<Entry> waiting = new ArrayList<>();
    private long tailSlot;
    private Hash tailHash = Hash.ZERO;

    Proposals(GroupCore core, ChainHash chain) {
        this.core = core;
        this.chain = chain;
    }

    Entry add(Entry.Kind kind, long timestamp, byte[] payload) {
        if (waiting.isEmpty()) {
            tailSlot = core.nextSlot() - 1;
            tailHash = core.tailHash();
        }
        tailSlot++;
        tailHash = chain.next(tailHash, tailSlot, kind, timestamp, payload);
        Entry entry = new Entry(tailSlot, tailHash, kind, timestamp, payload);
        waiting.add(entry);
        return entry;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Whether the first still goes where it was to go: not so when entries were found while the quorums changed. */
    boolean follow() {
        return waiting.get(0).slot() == core.nextSlot();
    }

    /** Takes what may be proposed at once: up to a configuration, which comes last. */
    List<Entry> take() {
        int count = 0;
        do {
            count++;
        } while (count < waiting.size() && waiting.get(count - 1).kind() != Entry.Kind.CONFIGURATION);
        List<Entry> entries = List.copyOf(waiting.subList(0, count));
        waiting.subList(0, count).clear();
        return entries;
    }

    void clear() {
        waiting.clear();
    }
}
