package io.atlasdb.sql.plan.rules;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.plan.function.Percentiles;
import io.atlasdb.sql.plan.rules.CastLowering.Mode;
import io.atlasdb.sql.plan.schema.AtlasTable;
import io.atlasdb.sql.plan.types.Types;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.calcite.adapter.enumerable.RexImpTable;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.prepare.RelOptTableImpl;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.RepeatUnion;
import org.apache.calcite.rel.core.SetOp;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.core.TableSpool;
import org.apache.calcite.rel.core.Values;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalCorrelate;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalIntersect;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.logical.LogicalMinus;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalRepeatUnion;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rel.logical.LogicalTableScan;
import org.apache.calcite.rel.logical.LogicalTableSpool;
import org.apache.calcite.rel.logical.LogicalUnion;
import org.apache.calcite.rel.logical.LogicalValues;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.schema.impl.ListTransientTable;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites a logical plan so that it holds no date, time or interval type any more, and scans of ours instead of Calcite's.
 * Expressions are {@link ExpressionLowering}'s.
 */
public final class Lowering {
    private static final BigDecimal INTEGER_MAX = BigDecimal.valueOf(Integer.MAX_VALUE);

    private final ExpressionLowering expressions;
    private final RexBuilder builder;
    private final RelDataTypeFactory factory;
    /** The working tables of recursive queries: scan and spool must share one. */
    private final IdentityHashMap<Object, RelOptTable> transients = new IdentityHashMap<>();

    public Lowering(RexBuilder builder, ExpressionLowering expressions) {
        this.builder = builder;
        this.factory = builder.getTypeFactory();
        this.expressions = expressions;
    }

    /** The same plan, lowered. */
    public RelNode lower(RelNode node) {
        if (node instanceof TableScan scan) {
            return scan(scan);
        }
        if (node instanceof Values values) {
            return values(values);
        }
        if (node instanceof RepeatUnion union) {
            return repeat(union);
        }
        List<RelNode> inputs = node.getInputs().stream().map(this::lower).toList();
        if (node instanceof Project project) {
            return LogicalProject.create(
                    inputs.get(0),
                    project.getHints(),
                    expressions.visitList(project.getProjects()),
                    project.getRowType().getFieldNames(),
                    project.getVariablesSet());
        }
        if (node instanceof Filter filter) {
            return LogicalFilter.create(
                    inputs.get(0), condition(filter.getCondition()), ImmutableSet.copyOf(filter.getVariablesSet()));
        }
        if (node instanceof Join join) {
            return LogicalJoin.create(
                    inputs.get(0),
                    inputs.get(1),
                    join.getHints(),
                    condition(join.getCondition()),
                    join.getVariablesSet(),
                    join.getJoinType());
        }
        if (node instanceof Correlate correlate) {
            return LogicalCorrelate.create(
                    inputs.get(0),
                    inputs.get(1),
                    correlate.getHints(),
                    correlate.getCorrelationId(),
                    correlate.getRequiredColumns(),
                    correlate.getJoinType());
        }
        if (node instanceof Sort sort) {
            return LogicalSort.create(inputs.get(0), sort.getCollation(), optional(sort.offset), optional(sort.fetch));
        }
        if (node instanceof Aggregate aggregate) {
            return aggregate(aggregate, inputs.get(0));
        }
        if (node instanceof SetOp setOperation) {
            return setOperation(setOperation, inputs);
        }
        if (node instanceof TableSpool spool) {
            return LogicalTableSpool.create(
                    inputs.get(0), spool.readType, spool.writeType, transientTable(spool.getTable()));
        }
        return unknown(node, inputs);
    }

    private RelNode unknown(RelNode node, List<RelNode> inputs) {
        boolean temporal = false;
        for (RelDataTypeField field : node.getRowType().getFieldList()) {
            temporal |= Types.isTemporal(field.getType());
        }
        if (temporal) {
            throw ErrorCode.UNSUPPORTED.error("a date, time or interval in this kind of table expression");
        }
        return node.copy(node.getTraitSet(), inputs).accept(expressions);
    }

    /**
     * A condition, lowered. What becomes several comparisons inside an OR must be part of that OR, and what all alternatives
     * of an OR demand stands before it, so that {@code (a = b AND p) OR (a = b AND q)} is a join by {@code a = b}.
     */
    private RexNode condition(RexNode node) {
        RexNode flat = RexUtil.flatten(builder, node.accept(expressions));
        return RexUtil.flatten(builder, RexUtil.pullFactors(builder, flat));
    }

    /** OFFSET or LIMIT; no result reaches the end of the integers, so that a larger literal says the same as that. */
    private @Nullable RexNode optional(@Nullable RexNode node) {
        if (node instanceof RexLiteral literal
                && literal.getValue() instanceof BigDecimal number
                && number.compareTo(INTEGER_MAX) > 0) {
            return builder.makeExactLiteral(INTEGER_MAX, factory.createSqlType(SqlTypeName.INTEGER));
        }
        return node == null ? null : node.accept(expressions);
    }

    private RelNode scan(TableScan scan) {
        AtlasTable table = scan.getTable().unwrap(AtlasTable.class);
        if (table == null) {
            return LogicalTableScan.create(scan.getCluster(), transientTable(scan.getTable()), List.of());
        }
        RelDataType row = expressions.lower(scan.getRowType());
        int[] columns = IntStream.range(0, row.getFieldCount()).toArray();
        return new AtlasScan(
                scan.getCluster(),
                new ScanTable(scan.getTable().getRelOptSchema(), factory, table.table(), columns, row, table.rows()));
    }

    private RelOptTable transientTable(RelOptTable table) {
        ListTransientTable working = table.unwrap(ListTransientTable.class);
        if (working == null) {
            throw ErrorCode.UNSUPPORTED.error("this kind of table");
        }
        return transients.computeIfAbsent(working, key -> {
            RelDataType row = expressions.lower(table.getRowType());
            String name = table.getQualifiedName().get(table.getQualifiedName().size() - 1);
            return RelOptTableImpl.create(
                    table.getRelOptSchema(),
                    row,
                    new ListTransientTable(name, row),
                    ImmutableList.copyOf(table.getQualifiedName()));
        });
    }

    private RelNode repeat(RepeatUnion union) {
        RelOptTable table = union.getTransientTable();
        return LogicalRepeatUnion.create(
                lower(union.getSeedRel()),
                lower(union.getIterativeRel()),
                union.all,
                union.iterationLimit,
                table == null ? null : transientTable(table));
    }

    private RelNode values(Values values) {
        ImmutableList.Builder<ImmutableList<RexLiteral>> tuples = ImmutableList.builder();
        RelDataType row = expressions.lower(values.getRowType());
        for (ImmutableList<RexLiteral> tuple : values.getTuples()) {
            tuples.add(tuple.stream()
                    .map(literal -> (RexLiteral) literal.accept(expressions))
                    .collect(ImmutableList.toImmutableList()));
        }
        return LogicalValues.create(values.getCluster(), row, tuples.build());
    }

    /** Branches take the types of the result, since rows are compared by their Java values. */
    private RelNode setOperation(SetOp node, List<RelNode> inputs) {
        List<RelNode> cast = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            cast.add(branch(node.getInput(i).getRowType(), node.getRowType(), inputs.get(i)));
        }
        return switch (node.kind) {
            case UNION -> LogicalUnion.create(cast, node.all);
            case INTERSECT -> LogicalIntersect.create(cast, node.all);
            default -> LogicalMinus.create(cast, node.all);
        };
    }

    private RelNode branch(RelDataType from, RelDataType to, RelNode input) {
        List<RexNode> projects = new ArrayList<>();
        boolean same = true;
        for (int i = 0; i < to.getFieldCount(); i++) {
            RelDataType source = from.getFieldList().get(i).getType();
            RelDataType target = to.getFieldList().get(i).getType();
            RexNode field = builder.makeInputRef(input, i);
            boolean equal = SqlTypeUtil.equalSansNullability(factory, source, target);
            same &= equal;
            projects.add(equal ? field : expressions.casts().cast(field, source, target, Mode.CAST));
        }
        return same ? input : LogicalProject.create(input, List.of(), projects, to.getFieldNames(), Set.of());
    }

    private RelNode aggregate(Aggregate node, RelNode input) {
        List<RexNode> arguments = new ArrayList<>(builder.identityProjects(input.getRowType()));
        List<AggregateCall> calls = new ArrayList<>();
        boolean narrowed = false;
        for (AggregateCall call : node.getAggCallList()) {
            RelDataType type = expressions.lower(call.getType());
            List<Integer> list = call.getArgList();
            RexNode first = list.isEmpty() ? null : arguments.get(list.get(0));
            if (first != null && widensSum(call.getAggregation(), first, type)) {
                RelDataType sum = sumType(factory, type);
                arguments.add(expressions.casts().cast(first, first.getType(), sum, Mode.CAST));
                list = List.of(arguments.size() - 1);
                narrowed |= type.getSqlTypeName() != SqlTypeName.DECIMAL;
                type = sum;
            }
            SqlAggFunction percentile = Percentiles.of(call.getAggregation());
            if (percentile != null) {
                list = List.of(
                        list.get(0), call.collation.getFieldCollations().get(0).getFieldIndex());
            } else if (RexImpTable.INSTANCE.get(call.getAggregation(), false) == null) {
                throw ErrorCode.UNSUPPORTED.error(call.getAggregation().getName());
            }
            calls.add(AggregateCall.create(
                    percentile == null ? call.getAggregation() : percentile,
                    call.isDistinct(),
                    call.isApproximate(),
                    call.ignoreNulls(),
                    call.rexList,
                    list,
                    call.filterArg,
                    call.distinctKeys,
                    call.collation,
                    type,
                    call.getName()));
        }
        RelNode source = arguments.size() == input.getRowType().getFieldCount()
                ? input
                : LogicalProject.create(input, List.of(), arguments, (List<String>) null, Set.of());
        RelNode result = LogicalAggregate.create(source, List.of(), node.getGroupSet(), node.getGroupSets(), calls);
        return narrowed ? narrow(result, node.getRowType()) : result;
    }

    private RelNode narrow(RelNode sums, RelDataType wanted) {
        List<RexNode> projects = new ArrayList<>();
        for (int i = 0; i < wanted.getFieldCount(); i++) {
            RexNode field = builder.makeInputRef(sums, i);
            RelDataType type = expressions.lower(wanted.getFieldList().get(i).getType());
            projects.add(
                    SqlTypeUtil.equalSansNullability(factory, field.getType(), type)
                            ? field
                            : expressions.casts().cast(field, field.getType(), type, Mode.CAST));
        }
        return LogicalProject.create(sums, List.of(), projects, wanted.getFieldNames(), Set.of());
    }

    /** Whether a sum adds up BIGINTs, which must happen in DECIMAL lest it overflow; sums of intervals are such. */
    static boolean widensSum(SqlAggFunction function, @Nullable RexNode argument, RelDataType type) {
        return (function.getKind() == SqlKind.SUM || function.getKind() == SqlKind.SUM0)
                && argument != null
                && argument.getType().getSqlTypeName() == SqlTypeName.BIGINT
                && (type.getSqlTypeName() == SqlTypeName.DECIMAL || type.getSqlTypeName() == SqlTypeName.BIGINT);
    }

    static RelDataType sumType(RelDataTypeFactory factory, RelDataType type) {
        return factory.createTypeWithNullability(factory.createSqlType(SqlTypeName.DECIMAL, 38, 0), type.isNullable());
    }
}
