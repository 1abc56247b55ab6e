package io.atlasdb.node.replica;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An owner that lets go of its group: nothing new is begun, what is on its way is waited for, then the heir is told. When that
 * takes too long it stays. On the thread of the group's loop.
 */
final class Leaving {
    /** How long requests may be held up for it, milliseconds: several rounds to the farthest quorum. */
    private static final long DRAIN_MS = 1_500;

    private final Replica replica;
    private int heir;
    private long attempt;
    private @Nullable Consumer<Boolean> outcome;

    Leaving(Replica replica) {
        this.replica = replica;
    }

    /** Begins to let go for a voter other than this node; refused when that is under way for somebody already. */
    void begin(int to, Ownership ownership, Consumer<Boolean> told) {
        if (heir != 0 || !replica.canHandOver(to)) {
            told.accept(false);
            return;
        }
        heir = to;
        outcome = told;
        long mine = ++attempt;
        ownership.leaving(to);
        replica.later(DRAIN_MS, () -> {
            if (attempt == mine) {
                stay(ownership);
            }
        });
        look();
    }

    /** Whether what was on its way has arrived. */
    void look() {
        int to = heir;
        if (to == 0) {
            return;
        }
        heir = 0; // handing over leads back here
        if (replica.handOver(to)) {
            end(true);
        } else {
            heir = to;
        }
    }

    /** It is not let go, or was lost before. */
    void stay(Ownership ownership) {
        if (heir != 0) {
            heir = 0;
            ownership.stays();
            end(false);
        }
    }

    private void end(boolean gone) {
        Consumer<Boolean> told = outcome;
        outcome = null;
        if (told != null) {
            told.accept(gone);
        }
    }
}
