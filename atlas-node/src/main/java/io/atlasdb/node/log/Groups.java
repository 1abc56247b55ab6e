package io.atlasdb.node.log;

import io.atlasdb.node.replica.LogRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The groups of the log, as the records that passed leave them. One thread: recovery first, then the writer. */
final class Groups {
    private final Map<Long, Group> groups = new LinkedHashMap<>();

    Collection<Group> all() {
        return groups.values();
    }

    @Nullable
    Group find(long group) {
        return groups.get(group);
    }

    private Group group(long id) {
        Group group = groups.get(id);
        if (group == null) {
            group = new Group(id);
            groups.put(id, group);
        }
        return group;
    }

    /**
     * A record was written. A CHECKPOINT counts only when it is forced, see {@link #checkpoint}.
     *
     * @param offset where the record begins in the segment's file
     */
    void see(int type, LogRecord record, Segment segment, long sequence, long offset) {
        if (record instanceof LogRecord.Accept accept) {
            group(accept.group()).accept(accept, segment, offset);
        } else if (record instanceof LogRecord.Promise promise) {
            group(promise.group()).promise(promise);
        } else if (record instanceof LogRecord.Commit commit) {
            group(commit.group()).commit(commit.slot());
        } else if (record instanceof LogRecord.GroupState state) {
            Group group = group(state.group());
            switch (type) {
                case Records.SEGMENT_STATE -> group.segmentState(state);
                case Records.RESTART_STATE -> group.restart(state, segment, sequence);
                default -> group.state(state);
            }
        }
    }

    /** A CHECKPOINT is durable. */
    void checkpoint(LogRecord.Checkpoint checkpoint) {
        checkpoint.applied().forEach((id, position) -> group(id).apply(position));
    }

    /** The states that a new segment begins with. */
    List<LogRecord.GroupState> states() {
        List<LogRecord.GroupState> states = new ArrayList<>(groups.size());
        groups.values().forEach(group -> states.add(group.state()));
        return states;
    }

    /** The groups that keep a segment from being given up. */
    List<Group> needing(Segment segment) {
        List<Group> needing = new ArrayList<>();
        for (Segment.Slots slots : segment.slots) {
            Group group = groups.get(slots.group);
            if (group != null && group.needs(slots)) {
                needing.add(group);
            }
        }
        return needing;
    }
}
