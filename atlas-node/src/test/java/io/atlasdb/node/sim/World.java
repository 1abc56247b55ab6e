package io.atlasdb.node.sim;

import io.atlasdb.node.replica.Internals;
import io.atlasdb.node.replica.LogRecord;
import io.atlasdb.node.replica.Position;
import io.atlasdb.node.replica.Replica;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One run: its nodes, links, clients, faults and judges. Two phases: faults, then calm, in which everything must get done. */
final class World implements Sweep.Run {
    private static final int TRACE_LINES = 20_000;
    /** Virtual time within which every request completes and every member catches up, once the faults have stopped. */
    private static final long CALM_MICROS_MAX = 60_000_000;

    /** What a group that is at rest holds beyond what its settings keep: what is on its way. */
    private static final long HELD_BYTES_MAX = 40L * Command.BYTES;

    private final Events events = new Events();
    private final Chance chance;
    private final Plan plan;
    private final SimNetwork network;
    private final Admin admin;
    private final Nemesis nemesis;
    private final List<SimNode> nodes = new ArrayList<>();
    private final List<Client> clients = new ArrayList<>();
    private final List<Judge> judges = new ArrayList<>();
    private final Map<Long, List<Operation>> histories = new TreeMap<>();
    private final Deque<String> trace = new ArrayDeque<>();
    private final boolean tracing;
    private long snapshots;
    private boolean asksForSnapshots;
    private boolean calm;
    private @Nullable Violation violation;

    World(long seed, boolean tracing) {
        this.chance = new Chance(seed);
        this.plan = Plan.draw(chance);
        this.tracing = tracing;
        this.network = new SimNetwork(this, plan.lossPerMille());
        this.admin = new Admin(this);
        this.nemesis = new Nemesis(this);
        for (long group = 1; group <= plan.groups(); group++) {
            judges.add(new Judge(group, plan.genesis(), this));
        }
        plan.nodes().forEach(voter -> nodes.add(new SimNode(voter, this)));
        for (int i = 0; i < plan.clients(); i++) {
            clients.add(new Client(this, i + 1));
        }
    }

    @Override
    public Sweep.Summary run(int steps) {
        trace(() -> plan.toString());
        nodes.forEach(SimNode::start);
        clients.forEach(Client::start);
        nemesis.start();
        while (events.done() < steps) {
            step();
        }
        calm = true;
        trace(() -> "calm");
        nemesis.calm();
        clients.forEach(Client::start);
        long end = events.nowMicros() + CALM_MICROS_MAX;
        while (!isSettled()) {
            if (events.nowMicros() > end || events.isEmpty()) {
                throw new Violation(
                        Invariant.ALL_DONE, "not everything is done a minute after the faults stopped: " + unsettled());
            }
            for (int i = 0; i < 20 && !events.isEmpty(); i++) {
                step();
            }
        }
        checkHeld();
        if (plan.readsAreSafe()) {
            histories.forEach((register, history) -> {
                if (!Linearizability.check(history)) {
                    throw new Violation(
                            Invariant.LINEARIZABLE,
                            "no order explains the history of register " + register + ": " + history);
                }
            });
        }
        long slots = judges.stream().mapToLong(Judge::lastChosen).sum();
        return new Sweep.Summary(
                events.done(),
                histories.values().stream().mapToInt(List::size).sum(),
                nemesis.faults(),
                admin.changes() + " changes of members, " + admin.departures() + " departures, " + snapshots
                        + " snapshots, " + slots + " slots, " + events.nowMs() + " ms");
    }

    /** Keeps a violation, in case that the code under test catches what is thrown. */
    Violation violated(Violation violation) {
        this.violation = violation;
        return violation;
    }

    private void step() {
        events.step();
        if (violation != null) {
            throw violation;
        }
        if (plan.settings().leaseMs() > 0 && plan.clocksInBound()) {
            checkLeases();
        }
    }

    private void checkLeases() {
        for (long group = 1; group <= plan.groups(); group++) {
            int holder = 0;
            for (SimNode node : nodes) {
                Replica replica = node.isUp() ? node.replica(group) : null;
                if (replica != null && replica.canRead(0)) {
                    if (holder != 0) {
                        throw new Violation(
                                Invariant.ONE_LEASE,
                                "group " + group + ": nodes " + holder + " and " + node.id + " both have a lease");
                    }
                    holder = node.id;
                    judge(group).leased(node);
                }
            }
        }
    }

    /** What is applied is forgotten but for what the settings keep, and what whoever takes a snapshot goes on with. */
    private void checkHeld() {
        if (asksForSnapshots) {
            return;
        }
        long most = plan.settings().retainBytes() + HELD_BYTES_MAX;
        for (SimNode node : nodes) {
            for (long group = 1; group <= plan.groups(); group++) {
                Replica replica = node.isUp() ? node.replica(group) : null;
                if (replica != null && Internals.heldBytes(replica) > most) {
                    throw new Violation(
                            Invariant.BOUNDED,
                            "node " + node.id + " holds " + Internals.heldBytes(replica) + " bytes of group " + group);
                }
            }
        }
    }

    private boolean isSettled() {
        return clients.stream().allMatch(Client::isContent) && lagging().isEmpty();
    }

    private String unsettled() {
        return clients.stream().filter(one -> !one.isContent()).toList() + " " + lagging();
    }

    private List<String> lagging() {
        List<String> lagging = new ArrayList<>();
        for (long group = 1; group <= plan.groups(); group++) {
            Judge judge = judge(group);
            for (int member : judge.newest().members()) {
                SimNode node = node(member);
                Position position = node.machine.applied(group);
                if (!node.isGone() && position.slot() < judge.lastChosen()) {
                    lagging.add("node " + member + " has applied " + position.slot() + " of " + judge.lastChosen()
                            + " in group " + group);
                }
            }
        }
        return lagging;
    }

    Events events() {
        return events;
    }

    Chance chance() {
        return chance;
    }

    Plan plan() {
        return plan;
    }

    SimNetwork network() {
        return network;
    }

    void snapshotIsAskedFor() {
        asksForSnapshots = true;
    }

    void countSnapshot() {
        snapshots++;
    }

    Nemesis nemesis() {
        return nemesis;
    }

    Admin admin() {
        return admin;
    }

    List<SimNode> nodes() {
        return nodes;
    }

    SimNode node(int id) {
        return nodes.get(id - 1);
    }

    List<Client> clients() {
        return clients;
    }

    Judge judge(long group) {
        return judges.get((int) group - 1);
    }

    /** Whether the faults have stopped. */
    boolean isCalm() {
        return calm;
    }

    void appended(LogRecord record) {
        if (record instanceof LogRecord.Accept accept) {
            judge(accept.group()).assigned(accept.entry());
        }
    }

    void record(Operation operation) {
        histories
                .computeIfAbsent(operation.group * 100 + operation.key, any -> new ArrayList<>())
                .add(operation);
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
