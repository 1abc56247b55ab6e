package io.atlasdb.node.cluster;

import io.atlasdb.node.cluster.policy.Decision;
import io.atlasdb.node.replica.Link;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Decisions about owners on their way between nodes: the last ones, a bounded number. */
final class Decisions {
    /** What one node tells at a time. */
    static final int COUNT_MAX = 512;

    private static final long ANSWER_MS = 1_000;

    private Decisions() {}

    /** Those of this node and of the others that answer in time, the oldest first. Waits. */
    static List<Decision> gather(List<Decision> own, Link link, Collection<NodeRecord> nodes, int self) {
        List<CompletableFuture<List<Decision>>> asked = new ArrayList<>();
        byte[] question = new ClusterMessage.AskDecisions().encode();
        for (NodeRecord node : nodes) {
            if (node.id() != self && link.isConnected(node.id())) {
                asked.add(link.call(node.id(), Link.Service.CLUSTER, question, ANSWER_MS)
                        .thenApply(Decisions::decode)
                        .exceptionally(silent -> List.of()));
            }
        }
        List<Decision> all = new ArrayList<>(own);
        asked.forEach(one -> all.addAll(one.join())); // each ends by itself
        all.sort(Comparator.comparingLong(Decision::atMs));
        return all;
    }

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
