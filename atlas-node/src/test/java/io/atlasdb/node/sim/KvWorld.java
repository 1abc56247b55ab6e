package io.atlasdb.node.sim;

import io.atlasdb.node.consensus.Configuration;
import io.atlasdb.node.consensus.Settings;
import io.atlasdb.node.kv.KvInternals;
import io.atlasdb.sql.store.Commit;
import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.RowIterator;
import io.atlasdb.sql.store.Write;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Transactions over several groups: the real {@code kv} on the real replicas of a few nodes. Two phases: faults, then calm, in which
 * every client must get its work done, and every lock must go.
 */
final class KvWorld implements Sweep.Run {
    private static final int TRACE_LINES = 5_000;
    private static final long CALM_MICROS_MAX = 120_000_000;

    private final Events events = new Events();
    private final Chance chance;
    private final Configuration members;
    private final Settings settings;
    private final int groups;
    private final int faultEveryMs;
    private final List<KvNode> nodes = new ArrayList<>();
    private final List<KvClient> clients = new ArrayList<>();
    private final List<KvTransaction> history = new ArrayList<>();
    private final Set<Long> cut = new HashSet<>();
    private final Set<Long> wakes = new HashSet<>();
    private final Deque<String> trace = new ArrayDeque<>();
    private final boolean tracing;
    private int lossPerMille;
    private int faults;
    private boolean calm;
    private long made;

    KvWorld(long seed, boolean tracing) {
        this.chance = new Chance(seed);
        this.tracing = tracing;
        int zones = chance.of(1, 3);
        List<Configuration.Voter> voters = new ArrayList<>();
        for (int node = 1; node <= 3; node++) {
            voters.add(new Configuration.Voter(node, 1 + node % zones));
        }
        this.members = new Configuration(voters, 1, zones == 3 ? 1 : 0);
        this.settings = new Settings(chance.of(0, 300), chance.of(30, 100), 1 << 20, 4_096, 256 << 10);
        this.groups = chance.between(2, 3);
        this.lossPerMille = chance.of(0, 10, 50);
        this.faultEveryMs = chance.of(100, 300, 1_000);
        voters.forEach(voter -> nodes.add(new KvNode(voter, this)));
        for (int i = 1; i <= chance.between(2, 6); i++) {
            clients.add(new KvClient(this, i));
        }
    }

    @Override
    public Sweep.Summary run(int steps) {
        for (KvNode node : nodes) {
            node.clock.drift(0.9905 + 0.019 * chance.fraction());
            node.clock.setWall(chance.between(-200, 200));
            node.start();
        }
        create(1);
        while (!nodes.stream().allMatch(this::knowsAll)) {
            events.step();
        }
        clients.forEach(KvClient::later);
        faultLater();
        while (events.done() < steps) {
            events.step();
        }
        calm = true;
        trace(() -> "calm");
        cut.clear();
        lossPerMille = 0;
        nodes.forEach(node -> {
            node.pause(false);
            restart(node);
        });
        long end = events.nowMicros() + CALM_MICROS_MAX;
        while (!clients.stream().allMatch(KvClient::isContent) || !undecided().isEmpty() || !isEven()) {
            if (events.nowMicros() > end) {
                throw new Violation(
                        clients.stream().allMatch(KvClient::isContent) ? Invariant.LOCKS : Invariant.ALL_DONE,
                        "two minutes after the faults stopped: " + clients + " " + undecided() + " " + groupsAtNodes());
            }
            for (int i = 0; i < 50; i++) {
                events.step();
            }
        }
        decidedOneWay();
        Serializability.check(history, lists());
        return new Sweep.Summary(events.done(), history.size(), faults, events.nowMs() + " ms");
    }

    /** Makes the groups, one after the other: a node reads a group only when its own group 0 names it, as sessions do. */
    private void create(long group) {
        if (group <= groups) {
            Write write = new Write(group, KvClient.bytes(List.of(group * 100)), new byte[0]);
            Commit commit = new Commit(Commit.BLIND, List.of(), List.of(write), List.of(), List.of());
            nodes.get(0)
                    .store()
                    .commit(commit)
                    .whenComplete((done, failure) -> create(failure == null ? group + 1 : group));
        }
    }

    private boolean knowsAll(KvNode node) {
        for (long group = 1; group <= groups; group++) {
            if (node.machine().applied(group).slot() == 0) {
                return false;
            }
        }
        return true;
    }

    private void faultLater() {
        events.after(chance.micros(faultEveryMs * 250L, faultEveryMs * 2_000L), () -> {
            if (!calm) {
                fault();
                faultLater();
            }
        });
    }

    private void fault() {
        faults++;
        KvNode node = chance.of(nodes);
        int what = chance.between(0, 9);
        trace(() -> "fault " + what + " at " + node.id);
        if (what < 4) {
            node.crash();
            clients.forEach(client -> client.crashed(node));
            events.after(chance.micros(2_000, 900_000), () -> restart(node));
        } else if (what < 6) {
            node.pause(true);
            events.after(chance.micros(5_000, 1_500_000), () -> node.pause(false));
        } else if (what < 8) {
            for (KvNode other : nodes) {
                boolean both = chance.percent(50);
                cut.add(link(node.id, other.id));
                if (both) {
                    cut.add(link(other.id, node.id));
                }
            }
            events.after(chance.micros(10_000, 2_500_000), cut::clear);
        } else if (what == 8) {
            node.journal.slowMicros = chance.micros(1_000, 50_000);
            events.after(chance.micros(10_000, 500_000), () -> node.journal.slowMicros = 0);
        } else {
            node.clock.setWall(chance.between(-200, 200));
        }
    }

    private void restart(KvNode node) {
        if (!node.isUp()) {
            node.start();
        }
    }

    /** Transactions of which a node that serves has locks. */
    private List<String> undecided() {
        List<String> open = new ArrayList<>();
        for (KvNode node : nodes) {
            for (long group = 1; group <= groups && node.isUp(); group++) {
                long of = group;
                KvInternals.transactions(node.machine(), group).forEach((txn, state) -> {
                    if (state.equals("PREPARED")) {
                        open.add(txn + " in group " + of + " at node " + node.id);
                    }
                });
            }
        }
        return open;
    }

    private List<String> groupsAtNodes() {
        List<String> all = new ArrayList<>();
        nodes.forEach(node -> node.replicas()
                .all()
                .forEach(replica -> all.add("node " + node.id + " group " + replica.group() + " owner "
                        + replica.owner() + (replica.isReady() ? " ready" : "")
                        + (replica.isInstalling() ? " installing" : "")
                        + (replica.hasFailed() ? " failed" : "") + (replica.isCampaigning() ? " campaigning" : "")
                        + " applied " + replica.applied().slot())));
        return all;
    }

    /** Whether all nodes have applied the same of what clients use. */
    private boolean isEven() {
        KvNode first = nodes.get(0);
        for (long group = 1; group <= groups; group++) {
            for (KvNode node : nodes) {
                if (!node.machine().applied(group).equals(first.machine().applied(group))) {
                    return false;
                }
            }
        }
        return true;
    }

    private void decidedOneWay() {
        Map<String, String> decisions = new TreeMap<>();
        for (KvNode node : nodes) {
            for (long group = 1; group <= groups; group++) {
                KvInternals.transactions(node.machine(), group).forEach((txn, state) -> {
                    String how = state.startsWith("COMMITTED") ? state : "not committed";
                    String before = decisions.putIfAbsent(txn, how);
                    if (before != null && !before.equals(how)) {
                        throw new Violation(Invariant.DECISION, txn + " is " + before + " and " + how);
                    }
                });
            }
        }
    }

    /** All lists as they stand in the end, the same at every node. */
    private Map<Long, List<Long>> lists() {
        Map<Long, List<Long>> lists = new TreeMap<>();
        for (KvNode node : nodes) {
            for (long group = 1; group <= groups; group++) {
                try (RowIterator rows =
                        node.machine().scan(new KeyRange(group, new byte[0], new byte[0]), Long.MAX_VALUE, false)) {
                    while (rows.next()) {
                        List<Long> list = new ArrayList<>();
                        for (ByteBuffer left = ByteBuffer.wrap(rows.value()); left.hasRemaining(); ) {
                            list.add(left.getLong());
                        }
                        List<Long> other =
                                lists.putIfAbsent(ByteBuffer.wrap(rows.key()).getLong(), list);
                        if (other != null && !other.equals(list)) {
                            throw new Violation(Invariant.SAME_STATE, "group " + group + ": " + list + " and " + other);
                        }
                    }
                }
            }
        }
        return lists;
    }

    void record(KvTransaction transaction) {
        history.add(transaction);
    }

    long nextNumber() {
        return ++made;
    }

    Events events() {
        return events;
    }

    Chance chance() {
        return chance;
    }

    Configuration members() {
        return members;
    }

    Settings settings() {
        return settings;
    }

    int groups() {
        return groups;
    }

    boolean isCalm() {
        return calm;
    }

    List<KvNode> nodes() {
        return nodes;
    }

    KvNode node(int id) {
        return nodes.get(id - 1);
    }

    boolean isNear(int a, int b) {
        return members.voters().get(a - 1).zone() == members.voters().get(b - 1).zone();
    }

    int lossPerMille() {
        return lossPerMille;
    }

    private static long link(int from, int to) {
        return from * 1_000L + to;
    }

    boolean isCut(int from, int to) {
        return from != to && cut.contains(link(from, to));
    }

    /** A lost message means a broken connection: once there is one again, the sender hears of it. */
    void wakeLater(int from, int to) {
        if (wakes.add(link(from, to))) {
            events.after(chance.micros(50_000, 250_000), () -> {
                wakes.remove(link(from, to));
                if (node(from).isUp() && !isCut(from, to) && node(to).isUp()) {
                    node(from).replicas().wake(to);
                } else {
                    wakeLater(from, to);
                }
            });
        }
    }

    void trace(Supplier<String> line) {
        if (tracing) {
            trace.add(events.nowMicros() + " " + line.get());
            if (trace.size() > TRACE_LINES) {
                trace.remove();
            }
        }
    }

    @Override
    public String trace() {
        return String.join("\n", trace);
    }
}
