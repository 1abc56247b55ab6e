package io.atlasdb.node.cluster.policy;

import io.atlasdb.node.consensus.Configuration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Decides about the groups that a node owns, once a second or so. It looks at groups that were used lately, and at no others. Safe
 * for several threads.
 */
public final class OwnershipPolicy {
    /** A group that is back within this time went to and fro, milliseconds; longer when it did so before. */
    private static final long REMEMBERED_MS = 60_000;

    private static final double SCALE_MAX = 1 << 10;

    private final PolicySettings settings;
    private final Accesses accesses;
    private final DecisionLog log;
    private final Map<Long, GroupTracker> trackers = new HashMap<>();
    /** Groups that were let go, by the number of the group; the longest ago first. */
    private final Map<Long, LetGo> letGo = new LinkedHashMap<>();

    private record LetGo(long untilMs, double residenceScale) {}

    /** The node and the cluster as the policy sees them. */
    public interface View {
        /** This node and its zone. */
        Configuration.Voter self();

        /** The members of a group that this node owns; null when it does not own the group. */
        @Nullable
        Configuration owned(long group);

        /** What the group wants. */
        OwnerPolicy policy(long group);

        /** Round trips between zones as they are known now. */
        RttMatrix rtts();

        /** Whether a node can be reached, as far as is known. */
        boolean isReachable(int node);

        /** The region of a zone. */
        String region(int zone);
    }

    public OwnershipPolicy(PolicySettings settings, Accesses accesses, DecisionLog log) {
        this.settings = settings;
        this.accesses = accesses;
        this.log = log;
    }

    /**
     * Decides about all groups that were used lately.
     *
     * @param nowMs of a clock that never goes back, milliseconds
     * @param wallMs the time that decisions bear, milliseconds since 1970
     * @return the groups to let go; refusals are in the log already, and whoever carries a move out tells it by {@link #record}
     */
    public synchronized List<Decision> decide(View view, long nowMs, long wallMs) {
        Map<Long, AccessCounts> counted = new TreeMap<>();
        accesses.drain(counted::put);
        RttMatrix rtts = view.rtts();
        SortedSet<Long> groups = new TreeSet<>(trackers.keySet());
        groups.addAll(counted.keySet());
        List<Decision> moves = new ArrayList<>();
        for (long group : groups) {
            Configuration configuration = view.owned(group);
            if (configuration == null) {
                forget(group, nowMs);
                continue;
            }
            GroupTracker tracker = trackers.computeIfAbsent(group, any -> tracker(group, nowMs));
            Situation situation = new Situation(
                    group,
                    wallMs,
                    view.self(),
                    configuration,
                    view.policy(group),
                    rtts,
                    view::isReachable,
                    view::region);
            Decision decision = tracker.decide(situation, counted.getOrDefault(group, AccessCounts.NONE), nowMs);
            if (decision != null) {
                if (decision.moved()) {
                    moves.add(decision);
                } else {
                    log.add(decision);
                }
            }
            if (tracker.isQuiet()) {
                trackers.remove(group);
            }
        }
        return moves;
    }

    /** Takes what came of a move into the log. From any thread. */
    public void record(Decision decision) {
        log.add(decision);
    }

    /** Operations a second by zone of a group that this node owns; empty for a quiet one. */
    public synchronized SortedMap<Integer, Double> rates(long group) {
        GroupTracker tracker = trackers.get(group);
        return tracker == null ? new TreeMap<>() : tracker.rates();
    }

    private GroupTracker tracker(long group, long nowMs) {
        LetGo before = letGo.remove(group);
        double scale =
                before != null && nowMs < before.untilMs() ? Math.min(SCALE_MAX, 2 * before.residenceScale()) : 1;
        return new GroupTracker(settings, nowMs, scale);
    }

    private void forget(long group, long nowMs) {
        GroupTracker tracker = trackers.remove(group);
        if (tracker != null) {
            long memoryMs =
                    Math.min(2 * settings.residenceMsMax(), Math.round(REMEMBERED_MS * tracker.residenceScale()));
            letGo.put(group, new LetGo(nowMs + memoryMs, tracker.residenceScale()));
        }
        letGo.values().removeIf(old -> nowMs >= old.untilMs());
        if (letGo.size() > Accesses.GROUPS_MAX) {
            letGo.remove(letGo.keySet().iterator().next());
        }
    }
}
