package io.atlasdb.node.kv;

import io.atlasdb.sql.store.Guard;
import io.atlasdb.sql.store.KeyRange;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Requests as they go to another node: group, a type byte, then the fields in order. Type codes never change. */
final class RequestCodec {
    private static final int WRITE = 1;
    private static final int PREPARE = 2;
    private static final int PROPOSE = 3;
    private static final int POSITION = 4;
    private static final int UNCHANGED = 5;
    private static final int READ = 6;

    private RequestCodec() {}

    /** A request and the group that it is for. */
    record Addressed(long group, Request request) {}

    static byte[] encode(long group, Request request) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeLong(group);
            put(out, request);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void put(DataOutputStream out, Request request) throws IOException {
        if (request instanceof Request.Write write) {
            out.writeByte(WRITE);
            TxnId id = write.id();
            out.writeLong(id == null ? 0 : id.node());
            out.writeLong(id == null ? 0 : id.number());
            out.writeLong(write.timestamp());
            put(out, write.part());
        } else if (request instanceof Request.Prepare prepare) {
            out.writeByte(PREPARE);
            put(out, CommandCodec.encode(prepare.command()));
            out.writeLong(prepare.timestamp());
            put(out, prepare.part());
        } else if (request instanceof Request.Propose propose) {
            out.writeByte(PROPOSE);
            put(out, CommandCodec.encode(propose.command()));
        } else if (request instanceof Request.Position position) {
            out.writeByte(POSITION);
            out.writeLong(position.timestamp());
            out.writeBoolean(position.raise());
        } else if (request instanceof Request.Unchanged unchanged) {
            out.writeByte(UNCHANGED);
            out.writeLong(unchanged.timestamp());
            putRanges(out, unchanged.ranges());
        } else if (request instanceof Request.Read read) {
            out.writeByte(READ);
            out.writeLong(read.timestamp());
            putRanges(out, List.of(read.range()));
            out.writeBoolean(read.reverse());
        }
    }

    /** The part's writes travel as the command that they become; ranges and guards beside it. */
    private static void put(DataOutputStream out, Part part) throws IOException {
        put(out, CommandCodec.encode(new Command.Write(null, part.puts)));
        putRanges(out, part.ranges);
        out.writeInt(part.guards.size());
        for (Guard guard : part.guards) {
            put(out, guard.key());
            out.writeLong(guard.version());
            out.writeUTF(guard.what());
        }
        out.writeBoolean(part.drop);
        out.writeInt(part.holders.size());
        for (int node : part.holders) {
            out.writeInt(node);
        }
    }

    private static void putRanges(DataOutputStream out, List<KeyRange> ranges) throws IOException {
        out.writeInt(ranges.size());
        for (KeyRange range : ranges) {
            put(out, range.from());
            put(out, range.to());
        }
    }

    private static void put(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /**
     * Reads a request.
     *
     * @throws IllegalArgumentException when this version does not know its type
     */
    static Addressed decode(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            long group = in.readLong();
            return new Addressed(group, take(in, group));
        } catch (IOException e) {
            throw new IllegalArgumentException("a request of " + bytes.length + " bytes ends too early", e);
        }
    }

    private static Request take(DataInputStream in, long group) throws IOException {
        int type = in.readByte();
        return switch (type) {
            case WRITE -> {
                TxnId id = new TxnId(in.readLong(), in.readLong());
                yield new Request.Write(id.number() == 0 ? null : id, in.readLong(), takePart(in, group));
            }
            case PREPARE -> {
                Command.Prepare command = (Command.Prepare) CommandCodec.decode(group, takeBytes(in));
                yield new Request.Prepare(command, in.readLong(), takePart(in, group));
            }
            case PROPOSE -> new Request.Propose(CommandCodec.decode(group, takeBytes(in)));
            case POSITION -> new Request.Position(in.readLong(), in.readBoolean(), false);
            case UNCHANGED -> new Request.Unchanged(in.readLong(), takeRanges(in, group));
            case READ -> {
                long timestamp = in.readLong();
                KeyRange range = takeRanges(in, group).get(0);
                yield new Request.Read(timestamp, range, in.readBoolean());
            }
            default -> throw new IllegalArgumentException("unknown type of request " + type);
        };
    }

    private static Part takePart(DataInputStream in, long group) throws IOException {
        Part part = new Part();
        part.puts.addAll(((Command.Write) CommandCodec.decode(group, takeBytes(in))).puts());
        part.ranges.addAll(takeRanges(in, group));
        for (int i = in.readInt(); i > 0; i--) {
            part.guards.add(new Guard(group, takeBytes(in), in.readLong(), in.readUTF()));
        }
        part.drop = in.readBoolean();
        Set<Integer> holders = new LinkedHashSet<>();
        for (int i = in.readInt(); i > 0; i--) {
            holders.add(in.readInt());
        }
        part.holders = holders;
        return part;
    }

    private static List<KeyRange> takeRanges(DataInputStream in, long group) throws IOException {
        List<KeyRange> ranges = new ArrayList<>();
        for (int i = in.readInt(); i > 0; i--) {
            ranges.add(new KeyRange(group, takeBytes(in), takeBytes(in)));
        }
        return ranges;
    }

    private static byte[] takeBytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IllegalArgumentException("a field of " + length + " bytes in a request with " + in.available());
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }
}
