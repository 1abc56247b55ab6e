package io.atlasdb.node.server;

import io.atlasdb.node.client.Health;
import io.atlasdb.node.config.AtlasConfig;
import io.atlasdb.node.kv.KvStore;

/** What the node says of itself over HTTP. */
final class NodeHealth implements Health {
    private final AtlasConfig config;
    private final int nodeId;
    private final KvStore store;
    private volatile boolean ready;

    NodeHealth(AtlasConfig config, int nodeId, KvStore store) {
        this.config = config;
        this.nodeId = nodeId;
        this.store = store;
    }

    void setReady(boolean ready) {
        this.ready = ready;
    }

    @Override
    public boolean ready() {
        return ready && store.isOpen();
    }

    @Override
    public String status() {
        String state = !ready() ? "starting" : store.isFull() ? "read-only" : "active";
        return "{\"node\":" + nodeId
                + ",\"version\":" + quote(Version.TEXT)
                + ",\"region\":" + quote(config.region())
                + ",\"advertise\":" + quote(config.advertise().toString())
                + ",\"state\":" + quote(state)
                + ",\"groups\":" + store.groupCount()
                + ",\"in_flight_bytes\":" + store.inFlightBytes()
                + ",\"open_snapshots\":" + store.openSnapshots() + "}";
    }

    private static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
