package io.atlasdb.node.cluster;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Requests of {@link io.atlasdb.node.replica.Link.Service#CLUSTER}: a type byte, then fields. Codes never change. */
sealed interface ClusterMessage {
    /**
     * A node asks to be a member, or tells its present address.
     *
     * @param wallMs its clock, milliseconds since 1970
     */
    record Join(String uuid, String region, String host, int port, long wallMs) implements ClusterMessage {}

    /** Asks for a sign of life; answered by the wall clock, milliseconds since 1970, 64 bits. */
    record Ping() implements ClusterMessage {}

    /** Asks in how many groups, as the answering node knows them, a node is a member; answered by 32 bits. */
    record Memberships(int node) implements ClusterMessage {}

    /** Asks for the round trips between the zone of the answering node and the others. */
    record Distances() implements ClusterMessage {}

    /** Asks to hand a group over to a node: its owner does, or the node itself when the group has no owner. */
    record MoveOwner(long group, int node) implements ClusterMessage {}

    /** Asks what a node has applied of a group, see {@link Departures.Standing}; answered by nothing when it has no state of it. */
    record AskStanding(long group) implements ClusterMessage {}

    /** Asks what snapshots are on their way to the answering node; answered by {@link Arriving}. */
    record Arrivals() implements ClusterMessage {}

    /**
     * A member tells where it is reached now. Taken at once, without a quorum: the one that would register the address may need
     * this very node.
     */
    record Here(String host, int port) implements ClusterMessage {}

    /** Asks for the last decisions about owners, see {@link Decisions}. */
    record AskDecisions() implements ClusterMessage {}

    /** The answer to {@link Join}. */
    record Joined(String cluster, NodeRecord self, List<NodeRecord> nodes) {
        public Joined {
            nodes = List.copyOf(nodes);
        }

        byte[] encode() {
            return Codec.write(out -> {
                out.writeUTF(cluster);
                self.write(out);
                writeAll(out, nodes);
            });
        }

        static Joined decode(byte[] bytes) {
            return Codec.read(bytes, in -> new Joined(in.readUTF(), NodeRecord.read(in), readAll(in)));
        }
    }

    private static void writeAll(DataOutputStream out, Collection<NodeRecord> nodes) throws IOException {
        out.writeInt(nodes.size());
        for (NodeRecord node : nodes) {
            node.write(out);
        }
    }

    private static List<NodeRecord> readAll(DataInputStream in) throws IOException {
        List<NodeRecord> nodes = new ArrayList<>();
        for (int i = in.readInt(); i > 0; i--) {
            nodes.add(NodeRecord.read(in));
        }
        return nodes;
    }

    /** The form on the wire. */
    default byte[] encode() {
        return Codec.write(out -> {
            if (this instanceof Join join) {
                out.writeByte(1);
                out.writeUTF(join.uuid());
                out.writeUTF(join.region());
                out.writeUTF(join.host());
                out.writeInt(join.port());
                out.writeLong(join.wallMs());
            } else if (this instanceof Ping) {
                out.writeByte(2);
            } else if (this instanceof Memberships asked) {
                out.writeByte(3);
                out.writeInt(asked.node());
            } else if (this instanceof MoveOwner move) {
                out.writeByte(5);
                out.writeLong(move.group());
                out.writeInt(move.node());
            } else if (this instanceof AskStanding asked) {
                out.writeByte(6);
                out.writeLong(asked.group());
            } else if (this instanceof Arrivals) {
                out.writeByte(7);
            } else if (this instanceof Here here) {
                out.writeByte(8);
                out.writeUTF(here.host());
                out.writeInt(here.port());
            } else if (this instanceof AskDecisions) {
                out.writeByte(9);
            } else {
                out.writeByte(4);
            }
        });
    }

    /** Reads a request; throws {@code IllegalArgumentException} when it is none. */
    static ClusterMessage decode(byte[] bytes) {
        return Codec.read(bytes, in -> {
            int type = in.readByte();
            return switch (type) {
                case 1 -> new Join(in.readUTF(), in.readUTF(), in.readUTF(), in.readInt(), in.readLong());
                case 2 -> new Ping();
                case 3 -> new Memberships(in.readInt());
                case 4 -> new Distances();
                case 5 -> new MoveOwner(in.readLong(), in.readInt());
                case 6 -> new AskStanding(in.readLong());
                case 7 -> new Arrivals();
                case 8 -> new Here(in.readUTF(), in.readInt());
                case 9 -> new AskDecisions();
                default -> throw new IllegalArgumentException("unknown request " + type + " to the cluster");
            };
        });
    }
}
