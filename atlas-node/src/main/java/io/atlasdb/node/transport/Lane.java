package io.atlasdb.node.transport;

import io.atlasdb.node.consensus.Message;
import java.util.Locale;

/** The classes of messages; each has a stream of its own to every peer. */
enum Lane {
    /** Votes and whatever else is small: nothing bulky stands in front of it. */
    CONTROL(65_536, 8 << 20),
    /** What a commit waits for, and may be large. */
    LOG(16_384, 64 << 20),
    /** What a member lacks, and nobody waits for. */
    BULK(4_096, 32 << 20);

    /** Messages that may wait; enough for every group of a node to say something at once. */
    final int messagesMax;
    /** Bytes that may wait. A larger message goes when nothing else waits. */
    final int bytesMax;

    Lane(int messagesMax, int bytesMax) {
        this.messagesMax = messagesMax;
        this.bytesMax = bytesMax;
    }

    static Lane of(Message message) {
        if (message instanceof Message.Chosen) {
            return BULK;
        }
        return message instanceof Message.Accept
                        || (message instanceof Message.Promise promise
                                && !promise.entries().isEmpty())
                ? LOG
                : CONTROL;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
