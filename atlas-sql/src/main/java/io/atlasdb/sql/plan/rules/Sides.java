package io.atlasdb.sql.plan.rules;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;

/** An inner join with its sides exchanged: how fields are called then, and how its rows get their old order back. */
final class Sides {
    private final Join join;
    private final int left;
    private final int right;

    Sides(Join join) {
        this.join = join;
        left = join.getLeft().getRowType().getFieldCount();
        right = join.getRight().getRowType().getFieldCount();
    }

    /** An expression over the join as one over the exchanged join. */
    RexNode swap(RexNode node) {
        return node.accept(new RexShuttle() {
            @Override
            public RexNode visitInputRef(RexInputRef field) {
                return new RexInputRef(swap(field.getIndex()), field.getType());
            }
        });
    }

    private int swap(int field) {
        return field < left ? field + right : field - left;
    }

    /** The fields of the join, taken from the exchanged one. */
    List<RexNode> order(RelNode swapped) {
        List<RexNode> fields = new ArrayList<>();
        for (int i = 0; i < left + right; i++) {
            fields.add(join.getCluster().getRexBuilder().makeInputRef(swapped, swap(i)));
        }
        return fields;
    }
}
