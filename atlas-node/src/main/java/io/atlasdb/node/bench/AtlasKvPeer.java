package io.atlasdb.node.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Atlas on one or three loopback nodes in one region; clients talk to the first one, which owns what it writes. */
final class AtlasKvPeer implements KvPeer {
    private final List<NodeProcess> nodes = new ArrayList<>();

    /**
     * Starts the nodes one after the other.
     *
     * @param count 1 or more; several form a cluster in one region, in which one node of three may fail
     */
    static AtlasKvPeer start(Path folder, int count, int heapMb) throws IOException {
        AtlasKvPeer peer = new AtlasKvPeer();
        try {
            for (int i = 0; i < count; i++) {
                Path home = folder.resolve("n" + i);
                peer.nodes.add(count == 1 ? NodeProcess.start(home, heapMb) : peer.member(home, heapMb));
            }
            return peer;
        } catch (IOException | RuntimeException e) {
            peer.close();
            throw e;
        }
    }

    private NodeProcess member(Path home, int heapMb) throws IOException {
        int port = NodeProcess.freePort();
        List<String> options = new ArrayList<>(List.of("--credentials", "benchmark-on-loopback"));
        options.addAll(List.of("--listen", "127.0.0.1:" + port, "--advertise", "127.0.0.1:" + port));
        if (!nodes.isEmpty()) {
            options.addAll(List.of("--connect", "127.0.0.1:" + nodes.get(0).peerPort()));
        }
        return NodeProcess.start(home, heapMb, options, port);
    }

    @Override
    public String name() {
        return "Atlas";
    }

    @Override
    public String durability() {
        return nodes.size() == 1
                ? "one node, the Unix socket, each put is forced to disk"
                : nodes.size() + " nodes on loopback, the Unix socket of the owner, a majority forces each put to disk;"
                        + " gets are linearizable, by the owner's lease";
    }

    @Override
    public Connection connect() throws IOException {
        return SocketClient.open(nodes.get(0).socket());
    }

    @Override
    public void close() {
        for (int i = nodes.size() - 1; i >= 0; i--) {
            nodes.get(i).close();
        }
        nodes.clear();
    }
}
