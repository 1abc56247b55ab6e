package io.atlasdb.node.cluster.policy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The latest decisions of this node, refusals included. Safe for several threads. */
public final class DecisionLog {
    /** Enough for days of a calm cluster; about 200 B each. */
    static final int DECISIONS_MAX = 4_096;

    private final Deque<Decision> decisions = new ArrayDeque<>();

    /** Adds a decision; the oldest goes when there are too many. */
    public synchronized void add(Decision decision) {
        if (decisions.size() == DECISIONS_MAX) {
            decisions.removeFirst();
        }
        decisions.addLast(decision);
    }

    /** The decisions, oldest first. */
    public synchronized List<Decision> all() {
        return new ArrayList<>(decisions);
    }
}
