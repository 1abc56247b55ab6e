package io.atlasdb.sql.plan.rules;

import io.atlasdb.sql.catalog.Index;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.plan.rules.AccessPath.Range;
import io.atlasdb.sql.plan.rules.Condition.Interval;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.jspecify.annotations.Nullable;

/** Finds the ways to read a table under a filter: the primary key and every index whose leading columns the filter bounds. */
final class AccessPaths {
    /** A product of several IN lists may not grow beyond this many ranges. */
    private static final int RANGES_MAX = 1_000;

    private AccessPaths() {}

    /**
     * A path and what the filter still has to test.
     *
     * @param residual null when nothing is left
     */
    record Choice(AccessPath path, @Nullable RexNode residual) {}

    /** All paths that the filter bounds; empty when it bounds none. */
    static List<Choice> bounded(AtlasScan scan, RexNode filter) {
        RexBuilder builder = scan.getCluster().getRexBuilder();
        List<RexNode> conjuncts = RelOptUtil.conjunctions(filter);
        List<Condition> conditions = new ArrayList<>();
        for (int i = 0; i < conjuncts.size(); i++) {
            Condition condition = Condition.of(i, conjuncts.get(i), builder);
            if (condition != null) {
                conditions.add(condition);
            }
        }
        List<Choice> choices = new ArrayList<>();
        Table table = scan.scanTable().table();
        add(choices, scan, null, table.primaryKey(), true, conjuncts, conditions);
        for (Index index : table.indexes()) {
            if (index.state() == Index.State.PUBLIC) {
                add(choices, scan, index, index.parts(), index.unique(), conjuncts, conditions);
            }
        }
        return choices;
    }

    /** The whole table by its primary key and, for their order, by its indexes. */
    static List<Choice> whole(AtlasScan scan, @Nullable RexNode filter, boolean ordered) {
        List<Choice> choices = new ArrayList<>();
        Table table = scan.scanTable().table();
        choices.add(new Choice(AccessPath.all(table, null), filter));
        for (Index index : table.indexes()) {
            if (ordered && index.state() == Index.State.PUBLIC) {
                choices.add(new Choice(AccessPath.all(table, index), filter));
            }
        }
        return choices;
    }

    private static void add(
            List<Choice> choices,
            AtlasScan scan,
            @Nullable Index index,
            List<Index.Part> key,
            boolean unique,
            List<RexNode> conjuncts,
            List<Condition> conditions) {
        List<Range> ranges = List.of(Range.ALL);
        Set<Integer> used = new HashSet<>();
        int points = 0;
        for (Index.Part part : key) {
            int position = scan.scanTable().table().position(part.column());
            int field = scan.scanTable().field(position);
            Condition condition = points(conditions, field, ranges.size());
            if (condition == null) {
                boolean nullable =
                        scan.scanTable().table().columns().get(position).nullable();
                ranges = bound(ranges, conditions, field, nullable, used);
                break;
            }
            ranges = product(ranges, condition);
            used.add(condition.conjunct());
            points++;
        }
        if (ranges.size() == 1 && ranges.get(0).equals(Range.ALL)) {
            return;
        }
        List<RexNode> rest = new ArrayList<>();
        for (int i = 0; i < conjuncts.size(); i++) {
            if (!used.contains(i)) {
                rest.add(conjuncts.get(i));
            }
        }
        RexNode residual = RexUtil.composeConjunction(scan.getCluster().getRexBuilder(), rest, true);
        choices.add(new Choice(new AccessPath(index, key, ranges, unique && points == key.size()), residual));
    }

    private static @Nullable Condition points(List<Condition> conditions, int field, int ranges) {
        Condition best = null;
        for (Condition condition : conditions) {
            boolean smaller = best == null
                    || condition.intervals().size() < best.intervals().size();
            if (condition.field() == field
                    && field >= 0
                    && condition.isPoints()
                    && smaller
                    && ranges * (long) condition.intervals().size() <= RANGES_MAX) {
                best = condition;
            }
        }
        return best;
    }

    private static List<Range> product(List<Range> ranges, Condition condition) {
        List<Range> product = new ArrayList<>();
        for (Range range : ranges) {
            for (Interval interval : condition.intervals()) {
                List<RexNode> equal = new ArrayList<>(range.equal());
                equal.add(java.util.Objects.requireNonNull(interval.lower()));
                product.add(new Range(equal, null, false, null, false));
            }
        }
        return product;
    }

    /** Adds the bounds of the column behind the equal ones. */
    private static List<Range> bound(
            List<Range> ranges, List<Condition> conditions, int field, boolean nullable, Set<Integer> used) {
        List<Interval> intervals = null;
        for (Condition condition : conditions) {
            if (condition.field() != field || condition.isPoints()) {
                continue;
            }
            List<Interval> merged =
                    intervals == null ? condition.intervals() : intersect(intervals, condition.intervals());
            if (merged != null && (long) ranges.size() * merged.size() <= RANGES_MAX) {
                intervals = merged;
                // NULL comes before every value, so a range that is open below must still be filtered.
                boolean exact = !nullable || merged.stream().allMatch(interval -> interval.lower() != null);
                if (exact) {
                    used.add(condition.conjunct());
                }
            }
        }
        if (intervals == null) {
            return ranges;
        }
        List<Range> bounded = new ArrayList<>();
        for (Range range : ranges) {
            for (Interval interval : intervals) {
                bounded.add(new Range(
                        range.equal(),
                        interval.lower(),
                        interval.lowerInclusive(),
                        interval.upper(),
                        interval.upperInclusive()));
            }
        }
        return bounded;
    }

    /** Half-open intervals that complete each other; null when their values would have to be compared. */
    private static @Nullable List<Interval> intersect(List<Interval> left, List<Interval> right) {
        if (left.size() != 1 || right.size() != 1) {
            return null;
        }
        Interval a = left.get(0);
        Interval b = right.get(0);
        if ((a.lower() != null && b.lower() != null) || (a.upper() != null && b.upper() != null)) {
            return null;
        }
        return List.of(new Interval(
                a.lower() == null ? b.lower() : a.lower(),
                a.lower() == null ? b.lowerInclusive() : a.lowerInclusive(),
                a.upper() == null ? b.upper() : a.upper(),
                a.upper() == null ? b.upperInclusive() : a.upperInclusive()));
    }
}
