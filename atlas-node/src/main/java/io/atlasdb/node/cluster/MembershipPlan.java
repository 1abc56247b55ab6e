package io.atlasdb.node.cluster;

import io.atlasdb.node.consensus.Configuration;
import io.atlasdb.node.consensus.Configuration.Voter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The next step from the members that a group has to those that it should have. A function of its inputs.
 *
 * <p>Invariant: a step whose quorums, of both phases, cannot be reached now is not made: the group would stand still in the
 * middle of it. Fn and Fz go down only when that was asked for.
 */
final class MembershipPlan {
    private MembershipPlan() {}

    /** What the owner knows. */
    record Situation(int self, IntPredicate reachable, IntPredicate caughtUp) {}

    /** What to do next. */
    sealed interface Step {}

    /** To make another configuration. */
    record Change(Configuration next, String why) implements Step {}

    /** To let another voter own the group, since this node leaves it. */
    record HandOver(int to) implements Step {}

    /** Null when all is as wanted, or nothing can be done now. New nodes come before old ones go, unless these are gone anyway. */
    static @Nullable Step next(Configuration present, Wanted wanted, Situation situation) {
        Step step = withoutLearners(present, wanted);
        if (step == null) {
            step = withFailures(present, wanted, situation, wanted.fz() < present.fz());
        }
        if (step == null) {
            step = withoutVoter(present, wanted, situation, false);
        }
        if (step == null) {
            step = withVoters(present, wanted, situation);
        }
        if (step == null) {
            step = withLearners(present, wanted, situation);
        }
        if (step == null && !isLearning(present, situation)) {
            step = withoutVoter(present, wanted, situation, true);
        }
        return step == null ? withFailures(present, wanted, situation, wanted.fz() > present.fz()) : step;
    }

    /** Whether a node that can be reached is on its way to vote. */
    private static boolean isLearning(Configuration present, Situation situation) {
        return present.learners().stream()
                .anyMatch(learner -> situation.reachable().test(learner.node()));
    }

    private static @Nullable Step withoutLearners(Configuration present, Wanted wanted) {
        List<Voter> stay = present.learners().stream()
                .filter(learner -> wanted.members().containsKey(learner.node()))
                .toList();
        return stay.size() == present.learners().size()
                ? null
                : new Change(
                        new Configuration(present.voters(), stay, present.fn(), present.fz()),
                        "without learners that left");
    }

    /** Without one that shall not vote any more: first those that cannot be reached, of the others this node as the last. */
    private static @Nullable Step withoutVoter(
            Configuration present, Wanted wanted, Situation situation, boolean reachable) {
        List<Voter> leaving = new ArrayList<>(present.voters());
        leaving.sort(Comparator.comparing((Voter voter) -> voter.node() == situation.self()));
        for (Voter voter : leaving) {
            boolean isReachable =
                    voter.node() == situation.self() || situation.reachable().test(voter.node());
            if (wanted.members().containsKey(voter.node()) || isReachable != reachable) {
                continue;
            }
            if (voter.node() == situation.self()) {
                int heir = heir(present, wanted, situation);
                return heir == 0 ? null : new HandOver(heir);
            }
            List<Voter> stay = present.voters().stream()
                    .filter(other -> other.node() != voter.node())
                    .toList();
            return changed(present, stay, present.learners(), situation, "without node " + voter.node());
        }
        return null;
    }

    /** The voter that owns the group next: one that stays and can be reached, of the same zone when there is one. */
    static int heir(Configuration present, Wanted wanted, Situation situation) {
        int zone = present.voters().stream()
                .filter(voter -> voter.node() == situation.self())
                .mapToInt(Voter::zone)
                .findFirst()
                .orElse(-1);
        int best = 0;
        for (Voter voter : present.voters()) {
            boolean can = voter.node() != situation.self()
                    && wanted.members().containsKey(voter.node())
                    && situation.reachable().test(voter.node());
            if (can && (best == 0 || voter.zone() == zone)) {
                best = voter.node();
                if (voter.zone() == zone) {
                    return best;
                }
            }
        }
        return best;
    }

    private static @Nullable Step withVoters(Configuration present, Wanted wanted, Situation situation) {
        for (Voter learner : present.learners()) {
            if (wanted.members().containsKey(learner.node())
                    && situation.reachable().test(learner.node())
                    && situation.caughtUp().test(learner.node())) {
                List<Voter> voters = new ArrayList<>(present.voters());
                voters.add(learner);
                List<Voter> learners = new ArrayList<>(present.learners());
                learners.remove(learner);
                Step step =
                        changed(present, voters, learners, situation, "with node " + learner.node() + " as a voter");
                if (step != null) {
                    return step;
                }
            }
        }
        return null;
    }

    private static @Nullable Step withLearners(Configuration present, Wanted wanted, Situation situation) {
        List<Voter> learners = new ArrayList<>(present.learners());
        for (Voter voter : wanted.voters()) {
            if (!present.hasMember(voter.node()) && situation.reachable().test(voter.node())) {
                learners.add(voter);
            }
        }
        return learners.size() == present.learners().size()
                ? null
                : new Change(
                        new Configuration(present.voters(), learners, present.fn(), present.fz()), "with new learners");
    }

    /** With the failures that are wanted, when they differ or are to be changed now. */
    private static @Nullable Step withFailures(
            Configuration present, Wanted wanted, Situation situation, boolean zones) {
        if (!zones && wanted.fn() == present.fn()) {
            return null;
        }
        int fz = zones ? wanted.fz() : present.fz();
        String why = "fn = " + wanted.fn() + ", fz = " + fz;
        Configuration next = new Configuration(present.voters(), present.learners(), wanted.fn(), fz);
        Step step = changed(next, situation, why);
        if (step != null || fz >= present.fz()) {
            return step;
        }
        // Fewer failures make larger quorums of phase 1: without those that are gone and shall go they may be there.
        List<Voter> stay = present.voters().stream()
                .filter(voter -> wanted.members().containsKey(voter.node())
                        || voter.node() == situation.self()
                        || situation.reachable().test(voter.node()))
                .toList();
        return changed(
                new Configuration(stay, present.learners(), wanted.fn(), fz), situation, why + ", without dead nodes");
    }

    private static @Nullable Step changed(
            Configuration present, List<Voter> voters, List<Voter> learners, Situation situation, String why) {
        return whyNot(voters, present.fz()) != null
                ? null
                : changed(new Configuration(voters, learners, present.fn(), present.fz()), situation, why);
    }

    private static @Nullable Step changed(Configuration next, Situation situation, String why) {
        if (whyNot(next.voters(), next.fz()) != null) {
            return null;
        }
        Set<Integer> reachable = new TreeSet<>();
        next.voters().forEach(voter -> {
            if (voter.node() == situation.self() || situation.reachable().test(voter.node())) {
                reachable.add(voter.node());
            }
        });
        return next.isPhase1(reachable) && next.isPhase2(reachable) ? new Change(next, why) : null;
    }

    /** Why a group cannot have these voters; null when it can. */
    static @Nullable String whyNot(List<Voter> voters, int fz) {
        long zones = voters.stream().mapToInt(Voter::zone).distinct().count();
        if (voters.isEmpty()) {
            return "no node would be left in its regions";
        }
        return zones < 2L * fz + 1
                ? "fz = " + fz + " needs " + (2 * fz + 1) + " regions, and " + zones + " would be left"
                : null;
    }
}
