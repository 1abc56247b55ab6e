package io.atlasdb.node.log;

import io.atlasdb.node.consensus.Ballot;
import io.atlasdb.node.replica.LogRecord;
import io.atlasdb.node.replica.Position;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Opening a log, second part: what the records of the segments come to. They are read twice, first for the groups' states and
 * the last CHECKPOINT, then to hand them out, since a record is needed or not by what comes after it.
 */
final class Replay {
    private interface Visitor {
        void visit(int type, LogRecord record, Segment segment, long sequence, long offset);
    }

    private final List<Segment> segments;
    private final Groups groups;
    private long checkpointVersion;
    private long checkpointSequence;
    /** Groups of which an entry above the applied slot was handed out. */
    private final Set<Long> live = new HashSet<>();
    /** What was promised by the records that were handed out, and by entries that were left out. */
    private final Map<Long, LogRecord.Promise> promises = new HashMap<>();

    Replay(List<Segment> segments, Groups groups) {
        this.segments = segments;
        this.groups = groups;
    }

    /** The version of the last CHECKPOINT, or 0. */
    long checkpointVersion() {
        return checkpointVersion;
    }

    void run(Consumer<LogRecord> sink) throws IOException {
        read((type, record, segment, sequence, offset) -> {
            groups.see(type, record, segment, sequence, offset);
            if (record instanceof LogRecord.Checkpoint checkpoint) {
                groups.checkpoint(checkpoint);
                checkpointVersion = checkpoint.version();
                checkpointSequence = sequence;
            }
        });
        for (Group group : groups.all()) {
            LogRecord.GroupState base = group.base;
            if (base != null || group.applied().slot() > 0) {
                LogRecord.GroupState first = base != null ? base : new Group(group.id).state();
                raise(group.id, first.promised(), first.ownRound(), first.ceiling());
                sink.accept(upToDate(first, group));
            }
        }
        read((type, record, segment, sequence, offset) -> deliver(type, record, sequence, sink));
    }

    /** A state with the applied position and the configuration as they are now, so that the entries go on from there. */
    private static LogRecord.GroupState upToDate(LogRecord.GroupState state, Group group) {
        return new LogRecord.GroupState(
                state.group(),
                state.promised(),
                state.ownRound(),
                state.ceiling(),
                group.applied(),
                group.configuration());
    }

    private void deliver(int type, LogRecord record, long sequence, Consumer<LogRecord> sink) {
        if (record instanceof LogRecord.Accept accept) {
            Group group = current(accept.group(), sequence);
            if (group != null) {
                boolean raised = raise(accept.group(), accept.ballot(), 0, 0);
                if (counts(accept, group.applied())) {
                    sink.accept(accept);
                } else if (raised) { // the entry is not needed any more, the promise that it made is
                    sink.accept(Objects.requireNonNull(promises.get(accept.group())));
                }
            }
        } else if (record instanceof LogRecord.Promise promise && current(promise.group(), sequence) != null) {
            raise(promise.group(), promise.ballot(), promise.ownRound(), promise.ceiling());
            sink.accept(promise);
        } else if (record instanceof LogRecord.Commit commit && current(commit.group(), sequence) != null) {
            sink.accept(commit);
        } else if (record instanceof LogRecord.GroupState state && type == Records.GROUP_STATE) {
            Group group = current(state.group(), sequence);
            if (group != null) {
                raise(state.group(), state.promised(), state.ownRound(), state.ceiling());
                sink.accept(upToDate(state, group));
            }
        } else if (record instanceof LogRecord.Checkpoint && sequence == checkpointSequence) {
            sink.accept(record);
        }
    }

    /** Says whether the ballot is news. */
    private boolean raise(long group, Ballot ballot, long ownRound, long ceiling) {
        LogRecord.Promise before = promises.getOrDefault(group, new LogRecord.Promise(group, Ballot.NONE, 0, 0));
        boolean raised = ballot.compareTo(before.ballot()) > 0;
        promises.put(
                group,
                new LogRecord.Promise(
                        group,
                        raised ? ballot : before.ballot(),
                        Math.max(ownRound, before.ownRound()),
                        Math.max(ceiling, before.ceiling())));
        return raised;
    }

    /** The group of a record, null when a restart made the record void. */
    private @Nullable Group current(long id, long sequence) {
        Group group = groups.find(id);
        return group != null && sequence >= group.baseSequence ? group : null;
    }

    /** An applied entry counts only when it cuts off some that were handed out. */
    private boolean counts(LogRecord.Accept accept, Position applied) {
        if (accept.entry().slot() > applied.slot()) {
            live.add(accept.group());
            return true;
        }
        return live.contains(accept.group());
    }

    private void read(Visitor visitor) throws IOException {
        BatchReader reader = new BatchReader();
        Checksum checksum = new Checksum();
        for (Segment segment : segments) {
            long offset = Segment.HEADER_BYTES;
            while (offset < segment.end) {
                BatchReader.Batch batch = reader.read(segment.file, segment.bytes, offset, segment.epoch);
                if (batch == null) {
                    throw new IOException("a batch of " + segment.name + " cannot be read any more, at " + offset);
                }
                for (int i = 0; i < batch.count(); i++) {
                    int type = Records.typeAt(batch.records());
                    long at = batch.offset() + batch.records().position();
                    LogRecord record = Records.take(batch.records(), checksum, segment.epoch);
                    visitor.visit(type, record, segment, batch.sequence(), at);
                }
                offset = batch.next();
            }
        }
    }
}
