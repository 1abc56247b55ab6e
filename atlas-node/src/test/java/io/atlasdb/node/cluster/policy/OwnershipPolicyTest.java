package io.atlasdb.node.cluster.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlasdb.proto.AtlasException;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnershipPolicyTest {
    private static final int TOKYO = 0;
    private static final int OHIO = 2;
    private static final int VIRGINIA = 3;
    private static final int IRELAND = 4;

    private static void run(World world, int seconds, int zone, int reads, int writes) {
        for (int i = 0; i < seconds; i++) {
            world.use(zone, reads, writes);
            world.second();
        }
    }

    @Test
    void theOwnerFollowsTheWork() {
        World world = World.five(0, TOKYO);
        run(world, 20, TOKYO, 10, 10);
        assertThat(world.moves()).isEmpty();
        run(world, 30, IRELAND, 10, 10);
        assertThat(world.ownerZone()).isEqualTo(IRELAND);
        assertThat(world.moves()).hasSize(1);
        Decision move = world.moves().get(0);
        assertThat(move.gain()).isGreaterThan(0.25);
        assertThat(move.reason()).startsWith("operations a second: tokyo ").contains("ireland ");
    }

    @Test
    void aBurstShorterThanThreeSecondsMovesNothing() {
        World world = World.five(0, TOKYO);
        run(world, 2, IRELAND, 1_000, 1_000);
        assertThat(world.ownerZone()).isEqualTo(TOKYO);
        run(world, 60, TOKYO, 2_000, 2_000);
        assertThat(world.ownerZone()).isEqualTo(TOKYO);
    }

    @Test
    void fewerThan32OperationsMoveNothing() {
        World world = World.five(0, TOKYO);
        run(world, 31, IRELAND, 1, 0);
        assertThat(world.ownerZone()).isEqualTo(TOKYO);
        assertThat(world.refusals()).extracting(Decision::reason).containsExactly("fewer than 32 operations so far");
        run(world, 2, IRELAND, 1, 0);
        assertThat(world.ownerZone()).isEqualTo(IRELAND);
    }

    @Test
    void aGainOfLessThanAQuarterMovesNothing() {
        World world = World.five(1, VIRGINIA);
        for (int i = 0; i < 120; i++) {
            // Eleven milliseconds either way, and both write to the other.
            world.use(OHIO, 10, 11);
            world.use(VIRGINIA, 10, 10);
            world.second();
        }
        assertThat(world.log.all()).isEmpty();
    }

    @Test
    void writesAreWorthTheQuorumOfTheOwner() {
        World reads = World.five(1, TOKYO);
        World writes = World.five(1, TOKYO);
        for (int i = 0; i < 60; i++) {
            for (int zone : new int[] {TOKYO, OHIO}) {
                reads.use(zone, zone == TOKYO ? 12 : 10, 0);
                writes.use(zone, 0, zone == TOKYO ? 12 : 10);
            }
            reads.second();
            writes.second();
        }
        assertThat(reads.ownerZone()).as("most readers are in Tokyo").isEqualTo(TOKYO);
        assertThat(writes.ownerZone())
                .as("a commit takes 11 ms there and 107 in Tokyo")
                .isEqualTo(OHIO);
    }

    @Test
    void goingToAndFroMakesTheOwnerStayLonger() {
        World world = World.five(0, TOKYO);
        for (int round = 0; round < 40; round++) {
            run(world, 30, world.ownerZone() == TOKYO ? IRELAND : TOKYO, 20, 20);
        }
        List<Decision> moves = world.moves();
        assertThat(moves).hasSizeBetween(4, 20);
        long first = moves.get(1).atMs() - moves.get(0).atMs();
        long last =
                moves.get(moves.size() - 1).atMs() - moves.get(moves.size() - 2).atMs();
        assertThat(last).isGreaterThan(4 * first);
        assertThat(world.refusals())
                .extracting(Decision::reason)
                .anyMatch(reason ->
                        reason.startsWith("an owner stays ") && reason.endsWith("longer since it came back soon"));
    }

    @Test
    void aPinnedGroupGoesHomeAndStaysThere() {
        World world = World.five(0, TOKYO);
        world.policy = OwnerPolicy.parse("pin:Ohio");
        run(world, 60, TOKYO, 100, 100);
        assertThat(world.ownerZone()).isEqualTo(OHIO);
        assertThat(world.moves()).extracting(Decision::reason).containsExactly("pinned to Ohio");
    }

    @Test
    void aPinToARegionWithoutAVoterIsRefusedOnce() {
        World world = World.five(0, TOKYO);
        world.policy = OwnerPolicy.parse("pin:mars");
        run(world, 10, TOKYO, 1, 1);
        assertThat(world.refusals())
                .extracting(Decision::reason)
                .containsExactly("pinned to mars, where the group has no voter");
    }

    @Test
    void immediateGoesWhereTheLastSecondWas() {
        World world = World.five(0, TOKYO);
        world.policy = OwnerPolicy.IMMEDIATE;
        run(world, 1, IRELAND, 1, 0);
        assertThat(world.ownerZone()).isEqualTo(IRELAND);
    }

    @Test
    void nobodyIsAskedWhoCannotBeReached() {
        World world = World.five(0, TOKYO);
        for (int i = 1; i <= 3; i++) {
            world.unreachable.add(World.node(IRELAND, i));
        }
        run(world, 30, IRELAND, 20, 20);
        assertThat(world.ownerZone()).isEqualTo(TOKYO);
        assertThat(world.refusals()).extracting(Decision::reason).containsExactly("no voter in ireland can be reached");
        world.unreachable.remove(World.node(IRELAND, 2));
        run(world, 1, IRELAND, 20, 20);
        assertThat(world.owner).isEqualTo(World.node(IRELAND, 2));
    }

    @Test
    void ratesSettleAtTheOperationsPerSecondAndFadeToNothing() {
        World world = World.five(0, TOKYO);
        run(world, 120, TOKYO, 30, 10);
        assertThat(world.rates().get(TOKYO)).isBetween(39.9, 40.1);
        run(world, 10, TOKYO, 0, 0);
        assertThat(world.rates().get(TOKYO)).as("after one half-life").isBetween(19.9, 20.1);
        run(world, 300, TOKYO, 0, 0);
        assertThat(world.rates()).isEmpty();
    }

    @Test
    void theLogKeepsTheLatest() {
        DecisionLog log = new DecisionLog();
        for (int i = 0; i < DecisionLog.DECISIONS_MAX + 5; i++) {
            log.add(new Decision(i, 1, 1, 0, 2, 1, false, "", 0));
        }
        assertThat(log.all()).hasSize(DecisionLog.DECISIONS_MAX);
        assertThat(log.all().get(0).atMs()).isEqualTo(5);
    }

    @Test
    void policiesAreReadAndWrittenAlike() {
        for (String text : List.of("follow", "immediate", "pin:eu")) {
            assertThat(OwnerPolicy.parse(text)).hasToString(text);
        }
        for (String text : List.of("pin", "pin:", "sometimes")) {
            assertThatThrownBy(() -> OwnerPolicy.parse(text)).isInstanceOf(AtlasException.class);
        }
    }
}
