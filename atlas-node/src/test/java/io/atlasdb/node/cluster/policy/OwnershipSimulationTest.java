package io.atlasdb.node.cluster.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlasdb.node.Seeds;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Any placement of zones, any work that stays the same for a while: what must hold wherever the owner begins. */
class OwnershipSimulationTest {
    private static final int SECONDS = 180;

    @Test
    void theOwnerEndsWhereNoPlaceIsMuchBetterAndRests() {
        Seeds.forAll(300, random -> {
            int zones = 2 + random.nextInt(4);
            int fz = random.nextInt((zones - 1) / 2 + 1);
            World world =
                    new World(randomMatrix(random, zones), zones, 1 + random.nextInt(3), 1, fz, random.nextInt(zones));
            int[] reads = rates(random, zones);
            int[] writes = rates(random, zones);
            for (int second = 0; second < SECONDS; second++) {
                for (int zone = 0; zone < zones; zone++) {
                    world.use(zone, noisy(random, reads[zone]), noisy(random, writes[zone]));
                }
                world.second();
            }
            double present = cost(world, world.ownerZone(), reads, writes);
            double best = present;
            for (int zone = 0; zone < zones; zone++) {
                best = Math.min(best, cost(world, zone, reads, writes));
            }
            // A quarter is what a move must gain; the averages of ten seconds tremble a little around the truth.
            assertThat(1 - best / present).as("gain that is left").isLessThan(0.33);
            List<Decision> moves = world.moves();
            assertThat(moves.size()).as("moves under work that stays the same").isLessThanOrEqualTo(3);
            assertThat(moves).allSatisfy(move -> assertThat(move.gain()).isGreaterThan(0.25));
        });
    }

    @Test
    void movesAreAtLeastTheirResidenceApart() {
        Seeds.forAll(200, random -> {
            int zones = 2 + random.nextInt(4);
            World world = new World(randomMatrix(random, zones), zones, 3, 1, 0, 0);
            QuorumCosts costs = new QuorumCosts(world.configuration, world.rtts);
            for (int second = 0; second < SECONDS; second++) {
                world.use(random.nextInt(zones), random.nextInt(200), random.nextInt(200));
                world.second();
            }
            List<Decision> moves = world.moves();
            for (int i = 1; i < moves.size(); i++) {
                Decision move = moves.get(i);
                double moveMs = costs.phase1Ms(move.toZone()) + world.rtts.ms(move.fromZone(), move.toZone());
                assertThat(move.atMs() - moves.get(i - 1).atMs() + 1_000.0)
                        .isGreaterThanOrEqualTo(Math.max(3_000, 10 * moveMs));
            }
        });
    }

    private static double cost(World world, int owner, int[] reads, int[] writes) {
        double phase2Ms = new QuorumCosts(world.configuration, world.rtts).phase2Ms(owner);
        double cost = 0;
        for (int zone = 0; zone < reads.length; zone++) {
            cost += (reads[zone] + writes[zone]) * world.rtts.ms(zone, owner) + writes[zone] * phase2Ms;
        }
        return cost;
    }

    /** At least 20 operations a second in all, so that noise stays small beside them. */
    private static int[] rates(RandomGenerator random, int zones) {
        int[] rates = new int[zones];
        for (int zone = 0; zone < zones; zone++) {
            rates[zone] = random.nextInt(3) == 0 ? 0 : random.nextInt(40);
        }
        rates[random.nextInt(zones)] += 20;
        return rates;
    }

    private static int noisy(RandomGenerator random, int rate) {
        return rate == 0 ? 0 : random.nextInt(2 * rate + 1);
    }

    private static RttMatrix randomMatrix(RandomGenerator random, int zones) {
        double[][] ms = new double[zones][zones];
        for (int from = 0; from < zones; from++) {
            ms[from][from] = 0.4;
            for (int to = 0; to < from; to++) {
                ms[from][to] = 5 + random.nextInt(250);
                ms[to][from] = ms[from][to];
            }
        }
        return World.matrix(ms);
    }
}
