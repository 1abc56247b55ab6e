package io.atlasdb.node.kv;

import io.atlasdb.sql.store.KeyRange;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The stored form of a command: a type byte, then its fields. Numbers are 64 bits big-endian, counts and lengths 32 bits; a
 * length of −1 stands for no value. Type codes never change.
 */
final class CommandCodec {
    private static final int WRITE = 1;
    private static final int PREPARE = 2;
    private static final int TOMBSTONE = 3;
    private static final int DECIDE = 4;
    private static final int RESOLVE = 5;
    private static final int FORGET = 6;
    private static final int NAMED_WRITE = 7;

    private static final int TXN_BYTES = 16;

    private CommandCodec() {}

    static byte[] encode(Command command) {
        if (command instanceof Command.Write write) {
            TxnId request = write.request();
            ByteBuffer buffer = ByteBuffer.allocate(1 + (request == null ? 0 : TXN_BYTES) + size(write.puts()));
            buffer.put((byte) (request == null ? WRITE : NAMED_WRITE));
            if (request != null) {
                txn(buffer, request);
            }
            return putAll(buffer, write.puts()).array();
        }
        if (command instanceof Command.Prepare prepare) {
            return encode(prepare);
        }
        if (command instanceof Command.Tombstone tombstone) {
            return txn(ByteBuffer.allocate(1 + TXN_BYTES).put((byte) TOMBSTONE), tombstone.txn())
                    .array();
        }
        if (command instanceof Command.Decide decide) {
            return decision(DECIDE, decide.txn(), decide.commit(), decide.timestamp());
        }
        if (command instanceof Command.Resolve resolve) {
            return decision(RESOLVE, resolve.txn(), resolve.commit(), resolve.timestamp());
        }
        List<TxnId> txns = ((Command.Forget) command).txns();
        ByteBuffer buffer = ByteBuffer.allocate(5 + TXN_BYTES * txns.size()).put((byte) FORGET);
        buffer.putInt(txns.size());
        txns.forEach(txn -> txn(buffer, txn));
        return buffer.array();
    }

    private static byte[] encode(Command.Prepare prepare) {
        int ranges = 4;
        for (KeyRange range : prepare.ranges()) {
            ranges += 8 + range.from().length + range.to().length;
        }
        ByteBuffer buffer = ByteBuffer.allocate(
                        1 + TXN_BYTES + 8 + 4 + 8 * prepare.participants().size() + ranges + size(prepare.puts()) + 1)
                .put((byte) PREPARE);
        txn(buffer, prepare.txn()).putLong(prepare.coordinator());
        buffer.putInt(prepare.participants().size());
        prepare.participants().forEach(buffer::putLong);
        buffer.putInt(prepare.ranges().size());
        for (KeyRange range : prepare.ranges()) {
            bytes(bytes(buffer, range.from()), range.to());
        }
        putAll(buffer, prepare.puts()).put((byte) (prepare.drop() ? 1 : 0));
        return buffer.array();
    }

    /**
     * Reads a command.
     *
     * @param group the group of the entry, which ranges are told of
     * @throws IllegalStateException for a type that this version does not know: such an entry must stop the node
     */
    static Command decode(long group, byte[] payload) {
        ByteBuffer buffer = ByteBuffer.wrap(payload);
        int type = buffer.get();
        return switch (type) {
            case WRITE -> new Command.Write(null, puts(buffer));
            case NAMED_WRITE -> new Command.Write(txn(buffer), puts(buffer));
            case PREPARE -> prepare(group, buffer);
            case TOMBSTONE -> new Command.Tombstone(txn(buffer));
            case DECIDE -> new Command.Decide(txn(buffer), buffer.get() != 0, buffer.getLong());
            case RESOLVE -> new Command.Resolve(txn(buffer), buffer.get() != 0, buffer.getLong());
            case FORGET -> {
                List<TxnId> txns = new ArrayList<>();
                for (int i = buffer.getInt(); i > 0; i--) {
                    txns.add(txn(buffer));
                }
                yield new Command.Forget(txns);
            }
            default ->
                throw new IllegalStateException(
                        "entry of unknown type " + type + " in group " + group + "; a newer version of Atlas wrote it");
        };
    }

    private static Command.Prepare prepare(long group, ByteBuffer buffer) {
        TxnId txn = txn(buffer);
        long coordinator = buffer.getLong();
        List<Long> participants = new ArrayList<>();
        for (int i = buffer.getInt(); i > 0; i--) {
            participants.add(buffer.getLong());
        }
        List<KeyRange> ranges = new ArrayList<>();
        for (int i = buffer.getInt(); i > 0; i--) {
            ranges.add(new KeyRange(group, bytes(buffer, buffer.getInt()), bytes(buffer, buffer.getInt())));
        }
        return new Command.Prepare(txn, coordinator, participants, ranges, puts(buffer), buffer.get() != 0);
    }

    private static byte[] decision(int type, TxnId txn, boolean commit, long timestamp) {
        ByteBuffer buffer = ByteBuffer.allocate(1 + TXN_BYTES + 1 + 8).put((byte) type);
        return txn(buffer, txn).put((byte) (commit ? 1 : 0)).putLong(timestamp).array();
    }

    private static int size(List<Command.Put> puts) {
        int size = 4;
        for (Command.Put put : puts) {
            byte[] value = put.value();
            size += 8 + put.key().length + (value == null ? 0 : value.length);
        }
        return size;
    }

    private static ByteBuffer putAll(ByteBuffer buffer, List<Command.Put> puts) {
        buffer.putInt(puts.size());
        for (Command.Put put : puts) {
            bytes(buffer, put.key());
            byte[] value = put.value();
            if (value == null) {
                buffer.putInt(-1);
            } else {
                bytes(buffer, value);
            }
        }
        return buffer;
    }

    private static List<Command.Put> puts(ByteBuffer buffer) {
        int count = buffer.getInt();
        List<Command.Put> puts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            byte[] key = bytes(buffer, buffer.getInt());
            int length = buffer.getInt();
            puts.add(new Command.Put(key, length < 0 ? null : bytes(buffer, length)));
        }
        return puts;
    }

    private static ByteBuffer bytes(ByteBuffer buffer, byte[] bytes) {
        return buffer.putInt(bytes.length).put(bytes);
    }

    private static byte[] bytes(ByteBuffer buffer, int length) {
        byte[] bytes = new byte[length];
        buffer.get(bytes);
        return bytes;
    }

    private static ByteBuffer txn(ByteBuffer buffer, TxnId txn) {
        return buffer.putLong(txn.node()).putLong(txn.number());
    }

    private static TxnId txn(ByteBuffer buffer) {
        return new TxnId(buffer.getLong(), buffer.getLong());
    }
}
