package io.atlasdb.node.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The accepted entries of a group above a base that is applied.
 *
 * <p>Invariant: slots follow each other without gaps, and each entry's hash follows from the one before it.
 */
final class AcceptedLog {
    private final TreeMap<Long, Message.Accepted> entries = new TreeMap<>();
    private long baseSlot;
    private Hash baseHash;

    AcceptedLog(long baseSlot, Hash baseHash) {
        this.baseSlot = baseSlot;
        this.baseHash = baseHash;
    }

    long lastSlot() {
        return entries.isEmpty() ? baseSlot : entries.lastKey();
    }

    /** The chain hash at a slot; null when the slot is not held here. */
    @Nullable
    Hash hash(long slot) {
        if (slot == baseSlot) {
            return baseHash;
        }
        Message.Accepted accepted = entries.get(slot);
        return accepted == null ? null : accepted.entry().hash();
    }

    /** The chain hash at a slot that must be held here. */
    Hash heldHash(long slot) {
        Hash hash = hash(slot);
        if (hash == null) {
            throw new AssertionError("no hash at slot " + slot + "; held are " + baseSlot + " to " + lastSlot());
        }
        return hash;
    }

    Hash lastHash() {
        return entries.isEmpty()
                ? baseHash
                : entries.lastEntry().getValue().entry().hash();
    }

    Message.@Nullable Accepted get(long slot) {
        return entries.get(slot);
    }

    /** Puts an entry at the end; what stood at its slot and above goes. */
    void append(Ballot ballot, Entry entry) {
        entries.tailMap(entry.slot(), true).clear();
        assert entry.slot() == lastSlot() + 1 : "slot " + entry.slot() + " after " + lastSlot();
        entries.put(entry.slot(), new Message.Accepted(ballot, entry));
    }

    /** Gives every entry from a slot on a new ballot: whoever takes an Accept vouches for all that it stands on. */
    void restamp(long from, Ballot ballot) {
        entries.tailMap(from, true).replaceAll((slot, accepted) -> new Message.Accepted(ballot, accepted.entry()));
    }

    List<Message.Accepted> from(long slot) {
        return List.copyOf(entries.tailMap(slot, true).values());
    }

    List<Entry> between(long first, long last) {
        List<Entry> found = new ArrayList<>();
        if (first <= last) {
            entries.subMap(first, true, last, true).values().forEach(accepted -> found.add(accepted.entry()));
        }
        return found;
    }

    /** Forgets what is at or below a slot that is applied. */
    void forgetTo(long slot) {
        Hash hash = hash(slot);
        if (slot > baseSlot && hash != null) {
            baseHash = hash;
            baseSlot = slot;
            entries.headMap(slot, true).clear();
        }
    }
}
