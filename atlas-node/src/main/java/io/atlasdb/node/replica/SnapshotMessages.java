package io.atlasdb.node.replica;

import io.atlasdb.node.consensus.Hash;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Requests and answers of {@link Link.Service#SNAPSHOT}: a type byte, then fields; numbers big-endian, bytes behind a 32-bit
 * length, −1 for none. Type codes never change.
 */
final class SnapshotMessages {
    private static final byte OPEN = 1;
    private static final byte ROWS = 2;
    private static final byte METAS = 3;
    private static final byte CLOSE = 4;

    private SnapshotMessages() {}

    sealed interface Request {}

    /**
     * Opens a session.
     *
     * @param slotMin the receiver has no use for a position below it
     * @param since the receiver holds what was written up to this timestamp; 0 when it holds nothing
     */
    record Open(long group, long slotMin, long since) implements Request {}

    /** Asks for a page of ROWS or METAS, the one after a key. */
    @SuppressWarnings("ArrayRecordComponent")
    record Next(boolean metas, long session, byte @Nullable [] after, int bytesMax) implements Request {}

    /** Ends a session. */
    record Close(long session) implements Request {}

    /**
     * A session was opened.
     *
     * @param since the pages hold what was written after it; 0 for everything
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Opened(long session, Position position, byte[] configuration, long since, long rowsEstimate) {}

    static byte[] encode(Request request) {
        if (request instanceof Open open) {
            return ByteBuffer.allocate(25)
                    .put(OPEN)
                    .putLong(open.group())
                    .putLong(open.slotMin())
                    .putLong(open.since())
                    .array();
        }
        if (request instanceof Next next) {
            ByteBuffer buffer = ByteBuffer.allocate(17 + size(next.after()))
                    .put(next.metas() ? METAS : ROWS)
                    .putLong(next.session())
                    .putInt(next.bytesMax());
            return put(buffer, next.after()).array();
        }
        return ByteBuffer.allocate(9)
                .put(CLOSE)
                .putLong(((Close) request).session())
                .array();
    }

    /**
     * Reads a request.
     *
     * @throws IllegalArgumentException when it is none
     */
    static Request request(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        byte type = buffer.get();
        return switch (type) {
            case OPEN -> new Open(buffer.getLong(), buffer.getLong(), buffer.getLong());
            case ROWS, METAS -> {
                long session = buffer.getLong();
                int bytesMax = buffer.getInt();
                yield new Next(type == METAS, session, take(buffer), bytesMax);
            }
            case CLOSE -> new Close(buffer.getLong());
            default -> throw new IllegalArgumentException("unknown request " + type + " for a snapshot");
        };
    }

    static byte[] encode(Opened opened) {
        Position position = opened.position();
        ByteBuffer buffer = ByteBuffer.allocate(60 + opened.configuration().length)
                .putLong(opened.session())
                .putLong(position.slot())
                .putLong(position.hash().high())
                .putLong(position.hash().low())
                .putLong(position.timestamp())
                .putLong(opened.since())
                .putLong(opened.rowsEstimate());
        return put(buffer, opened.configuration()).array();
    }

    static Opened opened(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        long session = buffer.getLong();
        long slot = buffer.getLong();
        Hash hash = new Hash(buffer.getLong(), buffer.getLong());
        Position position = new Position(slot, hash, buffer.getLong());
        long since = buffer.getLong();
        long rows = buffer.getLong();
        return new Opened(session, position, present(take(buffer)), since, rows);
    }

    static byte[] encode(Export.Page page) {
        int size = 8 + size(page.next());
        for (Export.Row row : page.rows()) {
            size += 16 + row.key().length + size(row.value());
        }
        ByteBuffer buffer = put(ByteBuffer.allocate(size), page.next());
        buffer.putInt(page.rows().size());
        for (Export.Row row : page.rows()) {
            put(put(buffer, row.key()).putLong(row.version()), row.value());
        }
        return buffer.array();
    }

    static Export.Page page(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        byte[] next = take(buffer);
        List<Export.Row> rows = new ArrayList<>();
        for (int i = buffer.getInt(); i > 0; i--) {
            byte[] key = present(take(buffer));
            long version = buffer.getLong();
            rows.add(new Export.Row(key, version, take(buffer)));
        }
        return new Export.Page(rows, next);
    }

    private static int size(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    private static ByteBuffer put(ByteBuffer buffer, byte @Nullable [] bytes) {
        return bytes == null ? buffer.putInt(-1) : buffer.putInt(bytes.length).put(bytes);
    }

    private static byte @Nullable [] take(ByteBuffer buffer) {
        int length = buffer.getInt();
        if (length < 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        buffer.get(bytes);
        return bytes;
    }

    private static byte[] present(byte @Nullable [] bytes) {
        if (bytes == null) {
            throw new IllegalArgumentException("a key or a configuration is missing in a snapshot");
        }
        return bytes;
    }
}
