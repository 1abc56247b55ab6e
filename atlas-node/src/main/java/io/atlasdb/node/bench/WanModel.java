package io.atlasdb.node.bench;

import io.atlasdb.node.cluster.policy.QuorumCosts;
import io.atlasdb.node.cluster.policy.RttMatrix;
import io.atlasdb.node.consensus.Configuration;
import io.atlasdb.node.demo.Wan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Work with locality, as the evaluation of WPaxos (§5) has it, and what the protocol must cost for it. Objects lie on a circle;
 * the clients of each region choose them by a normal distribution around the region's own place on it. An object is owned in
 * the region that uses it most.
 *
 * <p>The bound: a read costs the round trip to the owner, a write that and the owner's phase-2 quorum; nothing else costs
 * anything.
 */
final class WanModel {
    private final Wan wan;
    private final int objects;
    private final double sigma;
    private final double writes;
    private final QuorumCosts quorums;

    /**
     * @param sigma standard deviation, objects
     * @param writes their share of the operations, 0 to 1
     */
    WanModel(Wan wan, int nodesPerRegion, int fn, int fz, int objects, double sigma, double writes) {
        this.wan = wan;
        this.objects = objects;
        this.sigma = sigma;
        this.writes = writes;
        List<Configuration.Voter> voters = new ArrayList<>();
        Map<Integer, Map<Integer, Double>> ms = new TreeMap<>();
        int zones = wan.regions().size();
        for (int from = 0; from < zones; from++) {
            Map<Integer, Double> row = new TreeMap<>();
            for (int to = 0; to < zones; to++) {
                row.put(to, wan.ms(wan.regions().get(from), wan.regions().get(to)));
            }
            ms.put(from, row);
            for (int i = 0; i < nodesPerRegion; i++) {
                voters.add(new Configuration.Voter(1 + from * nodesPerRegion + i, from));
            }
        }
        quorums = new QuorumCosts(new Configuration(voters, fn, fz), new RttMatrix(ms));
    }

    /** An object that a client of a region takes next; {@code shift} regions further than usual. */
    int choose(int region, int shift, SplittableRandom random) {
        double u = Math.max(1e-12, random.nextDouble());
        double normal = Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * random.nextDouble());
        long at = Math.round(center(region + shift) + sigma * normal);
        return (int) Math.floorMod(at, (long) objects);
    }

    private double center(int region) {
        int zones = wan.regions().size();
        return (Math.floorMod(region, zones) + 0.5) * objects / zones;
    }

    /** The region that uses an object most. */
    int owner(int object) {
        int best = 0;
        for (int region = 1; region < wan.regions().size(); region++) {
            if (distance(object, region) < distance(object, best)) {
                best = region;
            }
        }
        return best;
    }

    private double distance(int object, int region) {
        double straight = Math.abs(object - center(region));
        return Math.min(straight, objects - straight);
    }

    /** What the protocol costs the clients of a region: times of operations and how often each occurs. */
    Distribution bound(int region) {
        Distribution bound = new Distribution();
        for (int object = 0; object < objects; object++) {
            double density = 0;
            // The normal distribution goes round the circle; beyond twice round nothing is left.
            for (int turn = -2; turn <= 2; turn++) {
                double away = (object + turn * (double) objects - center(region)) / sigma;
                density += Math.exp(-away * away / 2);
            }
            int owner = owner(object);
            double way = owner == region
                    ? 0
                    : wan.ms(wan.regions().get(region), wan.regions().get(owner));
            bound.add(way, density * (1 - writes));
            bound.add(way + quorums.phase2Ms(owner), density * writes);
        }
        return bound;
    }

    /** Times with weights. */
    static final class Distribution {
        private final List<double[]> points = new ArrayList<>();

        void add(double ms, double weight) {
            points.add(new double[] {ms, weight});
        }

        boolean isEmpty() {
            return points.isEmpty();
        }

        double mean() {
            double weights = points.stream().mapToDouble(point -> point[1]).sum();
            return points.stream().mapToDouble(point -> point[0] * point[1]).sum() / weights;
        }

        /** The time that this part of the operations takes at most; NaN for none. */
        double percentile(double part) {
            List<double[]> sorted = points.stream()
                    .sorted(Comparator.comparingDouble(point -> point[0]))
                    .toList();
            double weights = sorted.stream().mapToDouble(point -> point[1]).sum();
            double seen = 0;
            for (double[] point : sorted) {
                seen += point[1];
                if (seen >= part * weights) {
                    return point[0];
                }
            }
            return Double.NaN;
        }
    }
}
