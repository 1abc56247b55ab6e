package io.atlasdb.node.cluster;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Locale;

/**
 * A node as the registry knows it.
 *
 * @param id 1 and up; given once, never twice
 * @param uuid drawn by the node at its first start; who asks again with it gets the same id
 * @param zone of the region
 * @param host what others reach it by
 */
public record NodeRecord(int id, String uuid, String region, int zone, String host, int port, State state) {
    private static final int VERSION = 1;

    /** What the cluster does with a node. Codes are stored and never change. */
    public enum State {
        ACTIVE(1),
        /** It owns nothing, and votes. */
        DRAINING(2),
        /** It leaves its groups, and never comes back. */
        REMOVED(3);

        private final int code;

        State(int code) {
            this.code = code;
        }

        static State of(int code) {
            for (State state : values()) {
                if (state.code == code) {
                    return state;
                }
            }
            throw new IllegalArgumentException("unknown state of a node: " + code);
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    NodeRecord with(State other) {
        return new NodeRecord(id, uuid, region, zone, host, port, other);
    }

    NodeRecord at(String newHost, int newPort) {
        return new NodeRecord(id, uuid, region, zone, newHost, newPort, state);
    }

    byte[] encode() {
        return Codec.write(this::write);
    }

    void write(DataOutputStream out) throws IOException {
        out.writeByte(VERSION);
        out.writeInt(id);
        out.writeUTF(uuid);
        out.writeUTF(region);
        out.writeInt(zone);
        out.writeUTF(host);
        out.writeInt(port);
        out.writeByte(state.code);
    }

    static NodeRecord decode(byte[] bytes) {
        return Codec.read(bytes, NodeRecord::read);
    }

    static NodeRecord read(DataInputStream in) throws IOException {
        int version = in.readByte();
        if (version != VERSION) {
            throw new IllegalArgumentException("a node of version " + version + "; this node knows version " + VERSION);
        }
        return new NodeRecord(
                in.readInt(),
                in.readUTF(),
                in.readUTF(),
                in.readInt(),
                in.readUTF(),
                in.readInt(),
                State.of(in.readByte()));
    }

    @Override
    public String toString() {
        return "node " + id + " (" + region + ", " + host + ":" + port + ")";
    }
}
