package io.atlasdb.node.log;

import io.atlasdb.node.consensus.Ballot;
import io.atlasdb.node.consensus.Entry;
import io.atlasdb.node.replica.LogRecord;
import io.atlasdb.node.replica.Position;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What the records that passed say of a group: its state, and where its live entries are, those above what is durably applied.
 *
 * <p>Invariant: live entries have slots without gaps, from {@link #liveFrom} on.
 */
final class Group {
    private static final byte[] NO_CONFIGURATION = {};

    final long id;
    private Ballot promised = Ballot.NONE;
    private long ownRound;
    private long ceiling;
    private long commit;
    private Position applied = Position.START;
    private byte[] configuration = NO_CONFIGURATION;
    /** Configurations above the applied slot, ascending. */
    private final Deque<Entry> configurationsAhead = new ArrayDeque<>(1);

    private long liveFrom = 1;
    private int liveCount;
    private long[] locations = {};
    private long liveBytes;
    private int[] sizes = {};

    Segment.@Nullable Slots slots;
    /** The first sequence of the segment in which the group was last written whole; segments before hold nothing it needs. */
    long restartSegment;
    /** The state that stands for the records that were given up; null when none were. */
    LogRecord.@Nullable GroupState base;
    /** The batch of the last restart; the group's records before it are void. */
    long baseSequence;

    private boolean begun;

    Group(long id) {
        this.id = id;
    }

    Position applied() {
        return applied;
    }

    byte[] configuration() {
        return configuration;
    }

    long commit() {
        return commit;
    }

    int liveCount() {
        return liveCount;
    }

    long liveBytes() {
        return liveBytes;
    }

    /** Where live entry {@code i} is: index of its segment in the high half, offset of its record in the low one. */
    long location(int i) {
        return locations[i];
    }

    LogRecord.GroupState state() {
        return new LogRecord.GroupState(id, promised, ownRound, ceiling, applied, configuration);
    }

    void promise(LogRecord.Promise promise) {
        begun = true;
        raise(promise.ballot(), promise.ownRound(), promise.ceiling());
    }

    private void raise(Ballot ballot, long round, long granted) {
        ceiling = Math.max(ceiling, granted);
        promised = ballot.compareTo(promised) > 0 ? ballot : promised;
        ownRound = Math.max(ownRound, round);
    }

    void commit(long slot) {
        begun = true;
        commit = Math.max(commit, slot);
    }

    void accept(LogRecord.Accept accept, Segment segment, long offset) {
        begun = true;
        raise(accept.ballot(), 0, 0);
        Entry entry = accept.entry();
        long slot = entry.slot();
        while (!configurationsAhead.isEmpty() && configurationsAhead.getLast().slot() >= slot) {
            configurationsAhead.removeLast();
        }
        if (entry.kind() == Entry.Kind.CONFIGURATION && slot > applied.slot()) {
            configurationsAhead.addLast(entry);
        }
        Segment.Slots here = slots;
        if (here == null || here.segment != segment) {
            here = new Segment.Slots(id, segment);
            slots = here;
            segment.slots.add(here);
        }
        here.max = Math.max(here.max, slot);
        cut(slot);
        if (slot > applied.slot()) {
            add(slot, ((long) segment.index << 32) | offset, (int) Records.bytes(accept));
        }
    }

    /** Live entries at the slot and above are replaced. */
    private void cut(long slot) {
        while (liveCount > 0 && liveFrom + liveCount - 1 >= slot) {
            liveCount--;
            liveBytes -= sizes[liveCount];
        }
    }

    private void add(long slot, long location, int bytes) {
        if (liveFrom + liveCount != slot) {
            liveFrom = slot; // a snapshot was installed: what is below was never applied from this log
            liveCount = 0;
            liveBytes = 0;
        }
        if (liveCount == locations.length) {
            int length = Math.max(4, liveCount * 2);
            locations = Arrays.copyOf(locations, length);
            sizes = Arrays.copyOf(sizes, length);
        }
        locations[liveCount] = location;
        sizes[liveCount] = bytes;
        liveCount++;
        liveBytes += bytes;
    }

    /** A caller's GROUP_STATE. */
    void state(LogRecord.GroupState state) {
        if (!begun) {
            begun = true;
            base = state;
        }
        take(state);
    }

    /** A state at the head of a segment: news only when the records before it were given up. */
    void segmentState(LogRecord.GroupState state) {
        if (!begun) {
            begun = true;
            base = state;
            take(state);
        }
    }

    /** The group is written whole from here on. */
    void restart(LogRecord.GroupState state, Segment segment, long sequence) {
        begun = true;
        base = state;
        baseSequence = sequence;
        restartSegment = segment.firstSequence;
        configurationsAhead.clear();
        liveCount = 0;
        liveBytes = 0;
        take(state);
    }

    private void take(LogRecord.GroupState state) {
        raise(state.promised(), state.ownRound(), state.ceiling());
        if (state.applied().slot() >= applied.slot()) {
            configuration = state.configuration();
            apply(state.applied());
        }
    }

    /** What the state machine holds durably has moved; a position below the present one says nothing. */
    void apply(Position position) {
        if (position.slot() < applied.slot()) {
            return;
        }
        applied = position;
        commit = Math.max(commit, position.slot());
        while (!configurationsAhead.isEmpty() && configurationsAhead.getFirst().slot() <= position.slot()) {
            configuration = configurationsAhead.removeFirst().payload();
        }
        int gone = (int) Math.max(0, Math.min(liveCount, position.slot() + 1 - liveFrom));
        for (int i = 0; i < gone; i++) {
            liveBytes -= sizes[i];
        }
        System.arraycopy(locations, gone, locations, 0, liveCount - gone);
        System.arraycopy(sizes, gone, sizes, 0, liveCount - gone);
        liveCount -= gone;
        liveFrom += gone;
        if (liveCount == 0) {
            liveFrom = position.slot() + 1;
            locations = new long[0];
            sizes = new int[0];
        }
    }

    /** Whether a segment holds entries of this group that nothing else holds durably. */
    boolean needs(Segment.Slots inSegment) {
        return inSegment.max > applied.slot() && restartSegment <= inSegment.segment.firstSequence;
    }
}
