package io.atlasdb.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlasdb.node.Seeds;
import io.atlasdb.node.cluster.MembershipPlan.Change;
import io.atlasdb.node.cluster.MembershipPlan.HandOver;
import io.atlasdb.node.cluster.MembershipPlan.Situation;
import io.atlasdb.node.cluster.MembershipPlan.Step;
import io.atlasdb.node.consensus.Configuration;
import io.atlasdb.node.consensus.Configuration.Voter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class MembershipPlanTest {
    private static final Situation WELL = new Situation(1, node -> true, node -> true);

    private static Configuration group(List<Integer> voters, List<Integer> learners) {
        return new Configuration(zones(voters), zones(learners), 1, 0);
    }

    private static List<Voter> zones(List<Integer> nodes) {
        return nodes.stream().map(node -> new Voter(node, 0)).toList();
    }

    private static Wanted wanted(Integer... nodes) {
        SortedMap<Integer, Integer> members = new TreeMap<>();
        for (int node : nodes) {
            members.put(node, 0);
        }
        return new Wanted(members, 1, 0);
    }

    @Test
    void aNewNodeLearnsFirstAndVotesWhenItHasCaughtUp() {
        Configuration alone = group(List.of(1), List.of());
        assertThat(MembershipPlan.next(alone, wanted(1, 2), WELL))
                .isEqualTo(new Change(group(List.of(1), List.of(2)), "with new learners"));
        Configuration learning = group(List.of(1), List.of(2));
        assertThat(MembershipPlan.next(learning, wanted(1, 2), new Situation(1, node -> true, node -> false)))
                .isNull();
        assertThat(MembershipPlan.next(learning, wanted(1, 2), WELL))
                .isEqualTo(new Change(group(List.of(1, 2), List.of()), "with node 2 as a voter"));
        assertThat(MembershipPlan.next(group(List.of(1, 2), List.of()), wanted(1, 2), WELL))
                .isNull();
    }

    @Test
    void aNodeThatCannotBeReachedIsNotAdded() {
        Situation cut = new Situation(1, node -> node != 2, node -> true);
        assertThat(MembershipPlan.next(group(List.of(1), List.of()), wanted(1, 2), cut))
                .isNull();
        assertThat(MembershipPlan.next(group(List.of(1), List.of(2)), wanted(1, 2), cut))
                .isNull();
    }

    @Test
    void whoLeavesHandsOverFirst() {
        assertThat(MembershipPlan.next(group(List.of(1, 2, 3), List.of()), wanted(2, 3), WELL))
                .isEqualTo(new HandOver(2));
        assertThat(MembershipPlan.next(
                        group(List.of(1, 2, 3), List.of()),
                        wanted(2, 3),
                        new Situation(1, node -> node != 2, n -> true)))
                .isEqualTo(new HandOver(3));
        assertThat(MembershipPlan.next(
                        group(List.of(1), List.of()), wanted(2), new Situation(1, node -> false, n -> true)))
                .isNull();
    }

    @Test
    void aDeadNodeIsTakenOutWhenTheRestDecides() {
        Situation without3 = new Situation(1, node -> node != 3, node -> true);
        assertThat(MembershipPlan.next(group(List.of(1, 2, 3), List.of()), wanted(1, 2), without3))
                .isEqualTo(new Change(group(List.of(1, 2), List.of()), "without node 3"));
        Situation alone = new Situation(1, node -> false, node -> true);
        assertThat(MembershipPlan.next(group(List.of(1, 2, 3), List.of()), wanted(1, 2), alone))
                .as("node 2 of the next quorums does not answer")
                .isNull();
    }

    @Test
    void aGroupKeepsTheRegionsThatItsFzNeeds() {
        List<Voter> three = List.of(new Voter(1, 0), new Voter(2, 1), new Voter(3, 2));
        assertThat(MembershipPlan.whyNot(three, 1)).isNull();
        assertThat(MembershipPlan.whyNot(three.subList(0, 2), 1))
                .isEqualTo("fz = 1 needs 3 regions, and 2 would be left");
        assertThat(MembershipPlan.whyNot(List.of(), 0)).isEqualTo("no node would be left in its regions");
        assertThat(MembershipPlan.next(
                        new Configuration(three, 1, 1), new Wanted(wanted(1, 2).members(), 1, 1), WELL))
                .isNull();
    }

    @Test
    void toleranceGoesDownBeforeRegionsAndUpAfterThem() {
        List<Voter> three = List.of(new Voter(1, 0), new Voter(2, 1), new Voter(3, 2));
        Configuration lower = new Configuration(three, 0, 0);
        assertThat(MembershipPlan.next(
                        new Configuration(three, 1, 1), new Wanted(wanted(1, 2).members(), 0, 0), WELL))
                .isEqualTo(new Change(lower, "fn = 0, fz = 0"));
        assertThat(MembershipPlan.next(lower, new Wanted(wanted(1, 2).members(), 0, 0), WELL))
                .isEqualTo(new Change(new Configuration(three.subList(0, 2), 0, 0), "without node 3"));
        Situation without3 = new Situation(1, node -> node != 3, node -> true);
        assertThat(MembershipPlan.next(
                        new Configuration(three, 1, 1), new Wanted(wanted(1, 2).members(), 1, 0), without3))
                .isEqualTo(
                        new Change(new Configuration(three.subList(0, 2), 1, 0), "fn = 1, fz = 0, without dead nodes"));
        SortedMap<Integer, Integer> all = new TreeMap<>();
        three.forEach(voter -> all.put(voter.node(), voter.zone()));
        assertThat(MembershipPlan.next(new Configuration(three.subList(0, 2), 1, 0), new Wanted(all, 1, 1), WELL))
                .isEqualTo(new Change(
                        new Configuration(three.subList(0, 2), three.subList(2, 3), 1, 0), "with new learners"));
        assertThat(MembershipPlan.next(new Configuration(three, 1, 0), new Wanted(all, 1, 1), WELL))
                .isEqualTo(new Change(new Configuration(three, 1, 1), "fn = 1, fz = 1"));
    }

    @Test
    void aGroupThatMovesIsAtTheNewPlaceBeforeItLeavesTheOldOne() {
        Wanted there = wanted(3, 4);
        assertThat(MembershipPlan.next(group(List.of(1, 2), List.of()), there, WELL))
                .isEqualTo(new Change(group(List.of(1, 2), List.of(3, 4)), "with new learners"));
        Situation behind = new Situation(1, node -> true, node -> node == 3);
        assertThat(MembershipPlan.next(group(List.of(1, 2, 3), List.of(4)), there, behind))
                .as("node 4 learns still")
                .isNull();
        assertThat(MembershipPlan.next(group(List.of(1, 2, 3, 4), List.of()), there, WELL))
                .isEqualTo(new Change(group(List.of(1, 3, 4), List.of()), "without node 2"));
        assertThat(MembershipPlan.next(group(List.of(1, 3, 4), List.of()), there, WELL))
                .isEqualTo(new HandOver(3));
    }

    @Test
    void stepsLeadToWhatIsWantedAndNeverOutOfReach() {
        Seeds.forAll(500, random -> {
            int count = 1 + random.nextInt(9);
            SortedMap<Integer, Integer> zones = new TreeMap<>();
            for (int node = 1; node <= count + 4; node++) {
                zones.put(node, random.nextInt(4));
            }
            List<Voter> voters = new ArrayList<>();
            SortedMap<Integer, Integer> members = new TreeMap<>();
            Set<Integer> down = new TreeSet<>();
            zones.forEach((node, zone) -> {
                if (node <= count) {
                    voters.add(new Voter(node, zone));
                }
                if (random.nextInt(3) > 0 || node == 1) {
                    members.put(node, zone);
                }
                if (random.nextInt(6) == 0 && node != 1) {
                    down.add(node);
                }
            });
            Situation situation = new Situation(1, node -> !down.contains(node), node -> true);
            Wanted wanted = new Wanted(members, 1, 0);
            Configuration present = new Configuration(voters, 1, 0);
            for (int steps = 0; ; steps++) {
                assertThat(steps).as("it ends").isLessThan(100);
                Step step = MembershipPlan.next(present, wanted, situation);
                if (!(step instanceof Change change)) {
                    break;
                }
                Configuration next = change.next();
                if (!next.hasSameQuorums(present)) {
                    Set<Integer> up = new TreeSet<>(next.members());
                    up.removeAll(down);
                    assertThat(next.isPhase1(up) && next.isPhase2(up)).isTrue();
                    assertThat(Math.abs(next.voters().size() - present.voters().size()))
                            .as("one voter at a time")
                            .isEqualTo(1);
                }
                present = next;
            }
            if (down.isEmpty()) {
                assertThat(present.members()).isEqualTo(members.keySet());
                assertThat(present.learners()).isEmpty();
            }
        });
    }
}
