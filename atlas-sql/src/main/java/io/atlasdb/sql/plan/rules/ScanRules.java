package io.atlasdb.sql.plan.rules;

import io.atlasdb.sql.plan.rules.AccessPaths.Choice;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.adapter.enumerable.EnumerableFilter;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/**
 * Decides how tables are read.
 *
 * <pre>
 * AtlasScan           →  KeyScan(primary key, all)
 *
 * Filter(a = 1 AND c) →  Filter(c)
 *   AtlasScan              KeyScan(index on a, [a = 1])     one for every key that the filter bounds
 * </pre>
 */
@SuppressWarnings("deprecation") // The operand methods are all these rules need; the new ones want Immutables.
final class ScanRules {
    static final RelOptRule SCAN = new Scan();
    static final RelOptRule FILTER = new FilteredScan();

    private ScanRules() {}

    private static final class Scan extends RelOptRule {
        Scan() {
            super(operand(AtlasScan.class, none()), "AtlasScan");
        }

        @Override
        public void onMatch(RelOptRuleCall call) {
            AtlasScan scan = call.rel(0);
            call.transformTo(KeyScan.of(scan, AccessPath.all(scan.scanTable().table(), null)));
        }
    }

    private static final class FilteredScan extends RelOptRule {
        FilteredScan() {
            super(operand(LogicalFilter.class, operand(AtlasScan.class, none())), "AtlasFilteredScan");
        }

        @Override
        public void onMatch(RelOptRuleCall call) {
            Filter filter = call.rel(0);
            AtlasScan scan = call.rel(1);
            for (Choice choice : AccessPaths.bounded(scan, filter.getCondition())) {
                call.transformTo(filtered(KeyScan.of(scan, choice.path()), choice.residual()));
            }
        }
    }

    static RelNode filtered(RelNode input, @Nullable RexNode condition) {
        return condition == null || condition.isAlwaysTrue() ? input : EnumerableFilter.create(input, condition);
    }

    static List<RelOptRule> all() {
        List<RelOptRule> rules = new ArrayList<>(List.of(SCAN, FILTER, WorkingScan.RULE));
        rules.addAll(OrderedScanRules.ALL);
        return rules;
    }
}
