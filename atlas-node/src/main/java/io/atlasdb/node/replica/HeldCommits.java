package io.atlasdb.node.replica;

import io.atlasdb.node.consensus.Message;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Holds the news of what is chosen back for a moment: while a group is written, the next Accept brings it as well, and the message
 * and its answer are saved. What is held is late as it might be on the network.
 */
final class HeldCommits {
    /** So long a replica may lag behind the owner of a quiet group for it, milliseconds. */
    private static final long HOLD_MS = 2;

    private final Loop loop;
    private final BiConsumer<Integer, Message> network;
    /** The newest for each member. */
    private final Map<Integer, Message.Commit> held = new TreeMap<>();

    private boolean waiting;

    /**
     * @param network sends a message to a member
     */
    HeldCommits(Loop loop, BiConsumer<Integer, Message> network) {
        this.loop = loop;
        this.network = network;
    }

    /** Sends a message to a member, now or soon. */
    void send(int member, Message message) {
        if (message instanceof Message.Commit commit) {
            held.put(member, commit);
            if (!waiting) {
                waiting = true;
                loop.later(HOLD_MS, this::release);
            }
            return;
        }
        if (message instanceof Message.Accept) {
            held.remove(member); // this one says the same
        }
        network.accept(member, message);
    }

    private void release() {
        waiting = false;
        held.forEach(network);
        held.clear();
    }
}
