package io.atlasdb.node.replica;

import io.atlasdb.node.consensus.Configuration;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The stored form of a configuration: version 1, fn, fz, count, then (node, zone) per voter, each a 32-bit number. */
final class Configurations {
    private static final int VERSION = 1;

    private Configurations() {}

    static byte[] encode(Configuration configuration) {
        ByteBuffer buffer = ByteBuffer.allocate(16 + 8 * configuration.voters().size());
        buffer.putInt(VERSION).putInt(configuration.fn()).putInt(configuration.fz());
        buffer.putInt(configuration.voters().size());
        configuration.voters().forEach(voter -> buffer.putInt(voter.node()).putInt(voter.zone()));
        return buffer.array();
    }

    static Configuration decode(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        int version = buffer.getInt();
        if (version != VERSION) {
            throw new IllegalStateException(
                    "configuration entry of version " + version + ", this node knows " + VERSION);
        }
        int fn = buffer.getInt();
        int fz = buffer.getInt();
        List<Configuration.Voter> voters = new ArrayList<>();
        for (int i = buffer.getInt(); i > 0; i--) {
            voters.add(new Configuration.Voter(buffer.getInt(), buffer.getInt()));
        }
        return new Configuration(voters, fn, fz);
    }
}
