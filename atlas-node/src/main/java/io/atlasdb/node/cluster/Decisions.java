package io.atlasdb.node.cluster;

import io.atlasdb.node.cluster.policy.Decision;
import java.util.ArrayList;
import java.util.List;

/** Decisions about owners on their way between nodes: the last ones, a bounded number. */
final class Decisions {
    /** What one node tells at a time. */
    static final int COUNT_MAX = 512;

    private Decisions() {}

    static byte[] encode(List<Decision> all) {
        List<Decision> last = all.subList(Math.max(0, all.size() - COUNT_MAX), all.size());
        return Codec.write(out -> {
            out.writeInt(last.size());
            for (Decision one : last) {
                out.writeLong(one.atMs());
                out.writeLong(one.group());
                out.writeInt(one.from());
                out.writeInt(one.fromZone());
                out.writeInt(one.to());
                out.writeInt(one.toZone());
                out.writeBoolean(one.moved());
                out.writeUTF(one.reason());
                out.writeDouble(one.gain());
            }
        });
    }

    static List<Decision> decode(byte[] bytes) {
        return Codec.read(bytes, in -> {
            List<Decision> all = new ArrayList<>();
            for (int i = in.readInt(); i > 0; i--) {
                all.add(new Decision(
                        in.readLong(),
                        in.readLong(),
                        in.readInt(),
                        in.readInt(),
                        in.readInt(),
                        in.readInt(),
                        in.readBoolean(),
                        in.readUTF(),
                        in.readDouble()));
            }
            return all;
        });
    }
}
