package io.atlasdb.node.replica;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Tasks that wait until everything up to a slot is applied. On the thread of the group's loop. */
final class SlotWaiters {
    private final TreeMap<Long, List<Runnable>> bySlot = new TreeMap<>();

    void add(long slot, Runnable task) {
        bySlot.computeIfAbsent(slot, any -> new ArrayList<>()).add(task);
    }

    /** Runs what waits for a slot that is applied now, or for one below. */
    void reached(long slot) {
        while (!bySlot.isEmpty() && bySlot.firstKey() <= slot) {
            bySlot.pollFirstEntry().getValue().forEach(Runnable::run);
        }
    }
}
