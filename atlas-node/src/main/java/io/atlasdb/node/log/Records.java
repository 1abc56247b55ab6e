package io.atlasdb.node.log;

import io.atlasdb.node.consensus.Ballot;
import io.atlasdb.node.consensus.Entry;
import io.atlasdb.node.consensus.Hash;
import io.atlasdb.node.replica.LogRecord;
import io.atlasdb.node.replica.Position;
import io.atlasdb.proto.ErrorCode;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Records as bytes, big-endian. Each is
 *
 * <pre>
 *  0 length    u32  of all of it, checksum included
 *  4 type      u8
 *  5 group     u64
 * 13 slot      u64  the version in a CHECKPOINT, the applied slot in a state
 * 21 ballot    u64 round, u32 zone, u32 node, u32 incarnation
 * 41 fields         by type
 *    tail           the rest: payload, configuration or positions
 *    checksum  u32  CRC32C of the segment's epoch and all before
 * </pre>
 */
final class Records {
    static final int PROMISE = 1;
    static final int ACCEPT = 2;
    static final int COMMIT = 3;
    /** Written by the caller. */
    static final int GROUP_STATE = 4;

    static final int CHECKPOINT = 5;
    /** A GROUP_STATE that the journal wrote at the head of a segment: says nothing that the records before do not say. */
    static final int SEGMENT_STATE = 6;
    /** A GROUP_STATE that the journal wrote with all accepted entries after it: makes every earlier record of the group void. */
    static final int RESTART_STATE = 7;

    /** No record has more bytes before its tail. */
    static final int HEAD_BYTES_MAX = 96;

    static final int CHECKSUM_BYTES = 4;
    private static final int FIXED_BYTES = 41;
    private static final int POSITION_BYTES = 40;
    private static final byte[] NOTHING = {};

    private Records() {}

    /** The type under which a caller's record is stored. */
    static int type(LogRecord record) {
        if (record instanceof LogRecord.Accept) {
            return ACCEPT;
        } else if (record instanceof LogRecord.Promise) {
            return PROMISE;
        } else if (record instanceof LogRecord.Commit) {
            return COMMIT;
        }
        return record instanceof LogRecord.Checkpoint ? CHECKPOINT : GROUP_STATE;
    }

    /** Stored bytes of a record. */
    static long bytes(LogRecord record) {
        return fieldBytes(record) + FIXED_BYTES + tailBytes(record) + CHECKSUM_BYTES;
    }

    private static int fieldBytes(LogRecord record) {
        if (record instanceof LogRecord.Accept) {
            return 25;
        } else if (record instanceof LogRecord.Promise) {
            return 16;
        }
        return record instanceof LogRecord.GroupState ? 40 : 0;
    }

    private static long tailBytes(LogRecord record) {
        if (record instanceof LogRecord.Accept accept) {
            return accept.entry().payload().length;
        } else if (record instanceof LogRecord.GroupState state) {
            return state.configuration().length;
        }
        return record instanceof LogRecord.Checkpoint checkpoint
                ? (long) checkpoint.applied().size() * POSITION_BYTES
                : 0;
    }

    /** Writes what stands before the tail, {@link #HEAD_BYTES_MAX} bytes at most. */
    static void putHead(LogRecord record, int type, ByteBuffer to) {
        to.putInt((int) bytes(record)).put((byte) type);
        if (record instanceof LogRecord.Accept accept) {
            Entry entry = accept.entry();
            putFixed(to, accept.group(), entry.slot(), accept.ballot());
            putHash(to, entry.hash()).put((byte) entry.kind().code()).putLong(entry.timestamp());
        } else if (record instanceof LogRecord.Promise promise) {
            putFixed(to, promise.group(), 0, promise.ballot());
            to.putLong(promise.ownRound()).putLong(promise.ceiling());
        } else if (record instanceof LogRecord.Commit commit) {
            putFixed(to, commit.group(), commit.slot(), Ballot.NONE);
        } else if (record instanceof LogRecord.GroupState state) {
            putFixed(to, state.group(), state.applied().slot(), state.promised());
            putHash(
                            to.putLong(state.ownRound()).putLong(state.ceiling()),
                            state.applied().hash())
                    .putLong(state.applied().timestamp());
        } else if (record instanceof LogRecord.Checkpoint checkpoint) {
            putFixed(to, 0, checkpoint.version(), Ballot.NONE);
        }
    }

    /** What follows the head: the record's own array where it has one. */
    static byte[] tail(LogRecord record) {
        if (record instanceof LogRecord.Accept accept) {
            return accept.entry().payload();
        } else if (record instanceof LogRecord.GroupState state) {
            return state.configuration();
        } else if (record instanceof LogRecord.Checkpoint checkpoint) {
            ByteBuffer positions = ByteBuffer.allocate(checkpoint.applied().size() * POSITION_BYTES);
            checkpoint.applied().forEach((group, position) -> {
                positions.putLong(group).putLong(position.slot());
                putHash(positions, position.hash()).putLong(position.timestamp());
            });
            return positions.array();
        }
        return NOTHING;
    }

    private static void putFixed(ByteBuffer to, long group, long slot, Ballot ballot) {
        to.putLong(group).putLong(slot).putLong(ballot.round());
        to.putInt(ballot.zone()).putInt(ballot.node()).putInt(ballot.incarnation());
    }

    private static ByteBuffer putHash(ByteBuffer to, Hash hash) {
        return to.putLong(hash.high()).putLong(hash.low());
    }

    /** The type of the record that begins at the buffer's position. */
    static int typeAt(ByteBuffer from) {
        return from.get(from.position() + 4);
    }

    /**
     * Takes one record from the buffer and moves on behind it.
     *
     * @throws io.atlasdb.proto.AtlasException CORRUPT when its checksum does not fit
     */
    static LogRecord take(ByteBuffer from, Checksum checksum, long epoch) {
        int start = from.position();
        int length = from.getInt(start);
        if (length < FIXED_BYTES + CHECKSUM_BYTES || length > from.remaining()) {
            throw ErrorCode.CORRUPT.error("a record of the log says that it has " + length + " bytes");
        }
        int end = start + length - CHECKSUM_BYTES;
        checksum.begin(epoch);
        checksum.add(from, start, end);
        if (checksum.value() != from.getInt(end)) {
            throw ErrorCode.CORRUPT.error("a record of the log has a wrong checksum");
        }
        ByteBuffer body = from.duplicate().limit(end).position(start + 4);
        LogRecord record = decode(body);
        from.position(end + CHECKSUM_BYTES);
        return record;
    }

    private static LogRecord decode(ByteBuffer body) {
        int type = body.get();
        long group = body.getLong();
        long slot = body.getLong();
        Ballot ballot = new Ballot(body.getLong(), body.getInt(), body.getInt(), body.getInt());
        return switch (type) {
            case PROMISE -> new LogRecord.Promise(group, ballot, body.getLong(), body.getLong());
            case ACCEPT -> new LogRecord.Accept(group, ballot, takeEntry(slot, body));
            case COMMIT -> new LogRecord.Commit(group, slot);
            case GROUP_STATE, SEGMENT_STATE, RESTART_STATE -> {
                long ownRound = body.getLong();
                long ceiling = body.getLong();
                Position applied = new Position(slot, takeHash(body), body.getLong());
                yield new LogRecord.GroupState(group, ballot, ownRound, ceiling, applied, takeRest(body));
            }
            case CHECKPOINT -> new LogRecord.Checkpoint(slot, takePositions(body));
            default -> throw ErrorCode.CORRUPT.error("a record of the log has the unknown type " + type);
        };
    }

    private static Entry takeEntry(long slot, ByteBuffer from) {
        Hash hash = takeHash(from);
        Entry.Kind kind = Entry.Kind.of(from.get() & 0xff);
        return new Entry(slot, hash, kind, from.getLong(), takeRest(from));
    }

    private static Map<Long, Position> takePositions(ByteBuffer from) {
        Map<Long, Position> positions = new LinkedHashMap<>();
        while (from.hasRemaining()) {
            positions.put(from.getLong(), new Position(from.getLong(), takeHash(from), from.getLong()));
        }
        return positions;
    }

    private static Hash takeHash(ByteBuffer from) {
        return new Hash(from.getLong(), from.getLong());
    }

    private static byte[] takeRest(ByteBuffer from) {
        byte[] rest = new byte[from.remaining()];
        from.get(rest);
        return rest;
    }
}
