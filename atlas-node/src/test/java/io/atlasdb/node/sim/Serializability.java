package io.atlasdb.node.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Whether a history of appends to lists and reads of them is strictly serializable, in the manner of Elle (Kingsbury and Alvaro,
 * "Elle: inferring isolation anomalies from experimental observations", 2020): the lists that stand in the end give the order of
 * all writes, reads show what they saw of it, and the graph of what must come before what, real time included, has no cycle.
 */
final class Serializability {
    private final List<KvTransaction> history;
    private final Map<Long, KvTransaction> byNumber = new HashMap<>();
    private final Map<Long, List<Long>> lists;
    private final TreeMap<Long, TreeSet<Long>> after = new TreeMap<>();
    private final TreeMap<Long, Integer> state = new TreeMap<>();

    /** {@code lists} is what stands in the end, by key. */
    private Serializability(List<KvTransaction> history, Map<Long, List<Long>> lists) {
        this.history = history;
        history.forEach(one -> byNumber.put(one.number, one));
        this.lists = lists;
    }

    static void check(List<KvTransaction> history, Map<Long, List<Long>> lists) {
        new Serializability(history, lists).judge(false);
        // A stale read sees one instant of all groups by their timestamps, which clocks that differ put apart from real
        // time.
        new Serializability(history.stream().filter(one -> !one.isStaleRead()).toList(), lists).judge(true);
    }

    private void judge(boolean realTime) {
        wholeAndOnce(history);
        List<KvTransaction> effective =
                history.stream().filter(this::tookEffect).toList();
        effective.forEach(this::depends);
        if (realTime) {
            realTime(effective);
        }
        effective.forEach(one -> visit(one.number, new ArrayList<>()));
    }

    private List<Long> list(long key) {
        return lists.getOrDefault(key, List.of());
    }

    private boolean tookEffect(KvTransaction one) {
        return one.end == KvTransaction.End.COMMITTED
                || (!one.appends.isEmpty() && list(one.appends.get(0)).contains(one.number));
    }

    private void wholeAndOnce(List<KvTransaction> history) {
        lists.forEach((key, list) -> {
            if (Set.copyOf(list).size() != list.size()) {
                throw new Violation(Invariant.ONCE, "key " + key + " holds a number twice: " + list);
            }
        });
        for (KvTransaction one : history) {
            long present = one.appends.stream()
                    .filter(key -> list(key).contains(one.number))
                    .count();
            if (one.end == KvTransaction.End.COMMITTED && present < one.appends.size()) {
                throw new Violation(Invariant.ACKNOWLEDGED, one + " is lost from " + lists);
            } else if (one.end == KvTransaction.End.ABORTED && present > 0) {
                throw new Violation(Invariant.ATOMIC, one + " is there: " + lists);
            } else if (present > 0 && present < one.appends.size()) {
                throw new Violation(Invariant.ATOMIC, one + " is there in part: " + lists);
            }
        }
    }

    private void depends(KvTransaction one) {
        one.reads.forEach((key, read) -> {
            List<Long> list = list(key);
            if (read.size() > list.size() || !list.subList(0, read.size()).equals(read)) {
                throw new Violation(Invariant.SERIALIZABLE, one + " read what never stood in key " + key + ": " + list);
            }
            if (!read.isEmpty()) {
                edge(read.get(read.size() - 1), one.number);
            }
            if (read.size() < list.size()) {
                edge(one.number, list.get(read.size()));
            }
        });
        for (long key : one.appends) {
            int at = list(key).indexOf(one.number);
            if (at > 0) {
                edge(list(key).get(at - 1), one.number);
            }
        }
    }

    private void realTime(List<KvTransaction> effective) {
        for (KvTransaction first : effective) {
            for (KvTransaction second : effective) {
                if (first.endedMicros < second.beganMicros) {
                    edge(first.number, second.number);
                }
            }
        }
    }

    private void edge(long first, long second) {
        if (first != second) {
            after.computeIfAbsent(first, any -> new TreeSet<>()).add(second);
        }
    }

    private void visit(long number, List<Long> path) {
        Integer seen = state.get(number);
        if (seen != null && seen == 2) {
            return;
        }
        path.add(number);
        if (seen != null) {
            List<Long> cycle = path.subList(path.indexOf(number), path.size());
            throw new Violation(
                    Invariant.SERIALIZABLE,
                    "each must come before the next: "
                            + cycle.stream().map(byNumber::get).toList());
        }
        state.put(number, 1);
        for (long next : after.getOrDefault(number, new TreeSet<>())) {
            visit(next, path);
        }
        path.remove(path.size() - 1);
        state.put(number, 2);
    }
}
