package io.atlasdb.node.sim;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Whether a history of a register has an order that explains it: the search of Wing and Gong with the cache of states of Lowe
 * ("Testing for linearizability", 2017). Operations whose outcome is not known may take effect at any time after they began, or
 * never.
 */
final class Linearizability {
    /** States that are visited before the search gives up; histories here are far below. */
    private static final int STATES_MAX = 2_000_000;

    private final List<Operation> operations;
    private final Set<Seen> seen = new HashSet<>();
    private final BitSet done = new BitSet();
    private int closedLeft;
    private int states;

    private record Seen(BitSet done, long value) {}

    private Linearizability(List<Operation> history) {
        operations = new ArrayList<>(history);
        operations.removeIf(one -> one.refused || (one.isOpen() && one.kind == Operation.Kind.READ));
        operations.sort(Comparator.comparingLong(one -> one.beganMicros));
        closedLeft = (int) operations.stream().filter(one -> !one.isOpen()).count();
    }

    /** Whether the history of one register, 0 at first, is linearizable. */
    static boolean check(List<Operation> history) {
        return new Linearizability(history).search(0);
    }

    private boolean search(long value) {
        if (closedLeft == 0) {
            return true;
        }
        if (!seen.add(new Seen((BitSet) done.clone(), value))) {
            return false;
        }
        if (++states > STATES_MAX) {
            throw new Violation(Invariant.JUDGE, "a history is too large to be judged");
        }
        long firstEnd = Long.MAX_VALUE;
        for (int i = done.nextClearBit(0); i < operations.size(); i = done.nextClearBit(i + 1)) {
            if (operations.get(i).beganMicros > firstEnd) {
                break;
            }
            firstEnd = Math.min(firstEnd, operations.get(i).endedMicros);
        }
        for (int i = done.nextClearBit(0); i < operations.size(); i = done.nextClearBit(i + 1)) {
            Operation one = operations.get(i);
            if (one.beganMicros > firstEnd) {
                return false;
            }
            if (isPossible(one, value) && take(i, one, value)) {
                return true;
            }
        }
        return false;
    }

    private boolean take(int index, Operation one, long value) {
        done.set(index);
        closedLeft -= one.isOpen() ? 0 : 1;
        long next = one.kind == Operation.Kind.WRITE || (one.kind == Operation.Kind.SWAP && value == one.expected)
                ? one.value
                : value;
        boolean found = search(next);
        done.clear(index);
        closedLeft += one.isOpen() ? 0 : 1;
        return found;
    }

    private static boolean isPossible(Operation one, long value) {
        return switch (one.kind) {
            case READ -> one.result == value;
            case WRITE -> true;
            case SWAP -> one.isOpen() || (one.result == 1) == (value == one.expected);
        };
    }
}
