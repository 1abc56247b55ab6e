package io.atlasdb.node.sim;

import io.atlasdb.node.consensus.Message;
import io.atlasdb.node.replica.LogRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A defect put in on purpose, at the ports of the nodes; this one is none. */
class Spoiled {
    /** What the journal makes of the records that it is given. */
    List<LogRecord> write(SimNode node, List<LogRecord> records) {
        return records;
    }

    /** What leaves the node instead of a message. */
    @Nullable
    Message send(SimNode from, int to, long group, Message message) {
        return message;
    }

    /** What arrives instead of a message. */
    @Nullable
    Message receive(SimNode to, int from, long group, Message message) {
        return message;
    }

    /** Whether clients read from an owner that did not confirm that it is one. */
    boolean readsFromAFlag() {
        return false;
    }

    /** Whether clients read from an owner that has not applied what earlier ones left. */
    boolean readsBeforeRecovery() {
        return false;
    }
}
