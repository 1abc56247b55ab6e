package io.atlasdb.node.cluster.policy;

import io.atlasdb.node.consensus.Configuration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Zones of nodes that each decide about the groups they own; moves succeed at once. Time is a number. */
final class World {
    static final String[] REGIONS = {"tokyo", "california", "ohio", "virginia", "ireland"};
    private static final double[][] MS = {
        {0.4, 107, 156, 162, 212},
        {107, 0.4, 50, 61, 138},
        {156, 50, 0.4, 11, 85},
        {162, 61, 11, 0.4, 75},
        {212, 138, 85, 75, 0.4}
    };
    static final long GROUP = 42;

    final DecisionLog log = new DecisionLog();
    final Set<Integer> unreachable = new HashSet<>();
    final Configuration configuration;
    final RttMatrix rtts;
    OwnerPolicy policy = OwnerPolicy.FOLLOW;
    int owner;
    long nowMs = 1_000_000;
    private final SortedMap<Integer, OwnershipPolicy> policies = new TreeMap<>();
    private final SortedMap<Integer, Accesses> accesses = new TreeMap<>();

    World(RttMatrix rtts, int zones, int nodesPerZone, int fn, int fz, int ownerZone) {
        this.rtts = rtts;
        List<Configuration.Voter> voters = new ArrayList<>();
        for (int zone = 0; zone < zones; zone++) {
            for (int i = 1; i <= nodesPerZone; i++) {
                voters.add(new Configuration.Voter(node(zone, i), zone));
            }
        }
        configuration = new Configuration(voters, fn, fz);
        for (Configuration.Voter voter : voters) {
            Accesses counted = new Accesses();
            accesses.put(voter.node(), counted);
            policies.put(voter.node(), new OwnershipPolicy(PolicySettings.DEFAULT, counted, log));
        }
        owner = node(ownerZone, 1);
    }

    /** The five regions of the published round trips, three nodes each. */
    static World five(int fz, int ownerZone) {
        return new World(fiveRegions(), 5, 3, 1, fz, ownerZone);
    }

    static RttMatrix fiveRegions() {
        return matrix(MS);
    }

    static RttMatrix matrix(double[][] ms) {
        SortedMap<Integer, Map<Integer, Double>> rows = new TreeMap<>();
        for (int from = 0; from < ms.length; from++) {
            SortedMap<Integer, Double> row = new TreeMap<>();
            for (int to = 0; to < ms.length; to++) {
                row.put(to, ms[from][to]);
            }
            rows.put(from, row);
        }
        return new RttMatrix(rows);
    }

    static int node(int zone, int number) {
        return 10 * zone + number;
    }

    int ownerZone() {
        return owner / 10;
    }

    /** Operations of clients in a zone, counted at the owner. */
    void use(int zone, int reads, int writes) {
        for (int i = 0; i < reads; i++) {
            accesses.get(owner).count(GROUP, zone, false);
        }
        for (int i = 0; i < writes; i++) {
            accesses.get(owner).count(GROUP, zone, true);
        }
    }

    /** A second passes and every node decides. */
    void second() {
        nowMs += 1_000;
        int before = owner;
        policies.forEach((node, decider) -> {
            if (owner == before) {
                decider.decide(view(node), nowMs, nowMs).forEach(decision -> {
                    decider.record(decision);
                    owner = decision.to();
                });
            }
        });
    }

    List<Decision> moves() {
        return log.all().stream().filter(Decision::moved).toList();
    }

    List<Decision> refusals() {
        return log.all().stream().filter(decision -> !decision.moved()).toList();
    }

    /** Operations a second at the owner, by zone. */
    SortedMap<Integer, Double> rates() {
        return policies.get(owner).rates(GROUP);
    }

    private OwnershipPolicy.View view(int node) {
        return new OwnershipPolicy.View() {
            @Override
            public Configuration.Voter self() {
                return new Configuration.Voter(node, node / 10);
            }

            @Override
            public @Nullable Configuration owned(long group) {
                return owner == node ? configuration : null;
            }

            @Override
            public OwnerPolicy policy(long group) {
                return policy;
            }

            @Override
            public RttMatrix rtts() {
                return rtts;
            }

            @Override
            public boolean isReachable(int other) {
                return !unreachable.contains(other);
            }

            @Override
            public String region(int zone) {
                return zone < REGIONS.length ? REGIONS[zone] : "zone " + zone;
            }
        };
    }
}
