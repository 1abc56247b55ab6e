package io.atlasdb.node.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
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
    private long bytes;

    AcceptedLog(long baseSlot, Hash baseHash) {
        this.baseSlot = baseSlot;
        this.baseHash = baseHash;
    }

    long lastSlot() {
        return entries.isEmpty() ? baseSlot : entries.lastKey();
    }

    /** Payload of all entries. */
    long bytes() {
        return bytes;
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
        return heldHash(lastSlot());
    }

    /**
     * Puts an entry behind the one before it. When the same entry stands there it gets the ballot, and what stands above it
     * stays; a different one goes, and everything above it.
     */
    void put(Ballot ballot, Entry entry) {
        Message.Accepted before = entries.get(entry.slot());
        if (before == null || !before.entry().hash().equals(entry.hash())) {
            truncate(entry.slot() - 1);
            assert entry.slot() == lastSlot() + 1 : "slot " + entry.slot() + " after " + lastSlot();
            bytes += entry.payload().length;
        }
        entries.put(entry.slot(), new Message.Accepted(ballot, entry));
    }

    /** Whether exactly this entry was accepted under exactly this ballot. */
    boolean has(Ballot ballot, Entry entry) {
        Message.Accepted one = entries.get(entry.slot());
        return one != null && one.ballot().equals(ballot) && one.entry().hash().equals(entry.hash());
    }

    /** Forgets what stands above a slot. */
    void truncate(long slot) {
        SortedMap<Long, Message.Accepted> above = entries.tailMap(slot, false);
        above.values().forEach(gone -> bytes -= gone.entry().payload().length);
        above.clear();
    }

    /** Gives entries a new ballot: whoever takes an Accept vouches for all that it stands on. */
    void restamp(long from, long to, Ballot ballot) {
        if (from <= to) {
            entries.subMap(from, true, to, true)
                    .replaceAll((slot, accepted) -> new Message.Accepted(ballot, accepted.entry()));
        }
    }

    List<Message.Accepted> from(long slot) {
        return List.copyOf(entries.tailMap(slot, true).values());
    }

    /** Entries from {@code first} up to {@code last}, as many as have {@code bytesMax} of payload, one at least. */
    List<Entry> between(long first, long last, long bytesMax) {
        List<Entry> found = new ArrayList<>();
        if (first <= last) {
            long left = bytesMax;
            for (Message.Accepted accepted :
                    entries.subMap(first, true, last, true).values()) {
                left -= accepted.entry().payload().length;
                if (left < 0 && !found.isEmpty()) {
                    break;
                }
                found.add(accepted.entry());
            }
        }
        return found;
    }

    /** Forgets what is at or below {@code stable}, and of what is at or below {@code applied} all but the newest bytes. */
    void forget(long applied, long stable, long bytesKept) {
        while (!entries.isEmpty() && entries.firstKey() <= applied) {
            if (entries.firstKey() > stable && bytes <= bytesKept) {
                return;
            }
            Entry gone = entries.pollFirstEntry().getValue().entry();
            bytes -= gone.payload().length;
            baseSlot = gone.slot();
            baseHash = gone.hash();
        }
    }

    /** The state machine took a snapshot: entries stay only as far as they follow from it. */
    void install(long slot, Hash hash) {
        if (hash.equals(hash(slot))) {
            forget(slot, slot, 0);
            return;
        }
        entries.clear();
        bytes = 0;
        baseSlot = slot;
        baseHash = hash;
    }
}
