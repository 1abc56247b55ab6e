package io.atlasdb.sql.plan;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.Column;
import io.atlasdb.sql.catalog.SqlType;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.plan.rules.ExpressionLowering;
import io.atlasdb.sql.plan.rules.KeyMatch;
import io.atlasdb.sql.plan.types.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.jspecify.annotations.Nullable;

/** Plans one query. A new one is made for each. */
final class QueryPlanner {
    private final PlanningContext context;
    private final Compilation compilation;

    QueryPlanner(PlanningContext context, Slots slots) {
        this.context = context;
        this.compilation = new Compilation(context, slots);
    }

    /** A query rewritten and ready to be matched or compiled. */
    record Rewritten(
            RelNode logical,
            List<ResultColumn> columns,
            SortedMap<Integer, Parameter> bySlot,
            PlanningContext context) {
        /** The user's parameters in their order. */
        List<Parameter> parameters() {
            return List.copyOf(bySlot.values());
        }

        @Nullable
        KeyMatch byKey() {
            return KeyMatch.of(logical);
        }

        QueryPlan compile() {
            try {
                QueryCompiler.Compiled compiled = QueryCompiler.compile(logical);
                return new QueryPlan(columns, parameters(), compiled.tables(), compiled.body(), compiled.explain());
            } catch (RuntimeException | StackOverflowError | AssertionError | LinkageError e) {
                throw ValidationErrors.translate(e, context);
            }
        }
    }

    Plan plan(SqlNode node) {
        Rewritten rewritten = rewrite(node, List.of(), 0);
        KeyMatch match = rewritten.byKey();
        if (match != null && Arrays.stream(match.positions()).allMatch(position -> position >= 0)) {
            return new KeyGetPlan(
                    rewritten.columns(),
                    rewritten.parameters(),
                    match.table(),
                    match.key(),
                    match.positions(),
                    "get " + match.explain());
        }
        return rewritten.compile();
    }

    /**
     * Validates and rewrites a query.
     *
     * @param assigned types that the output columns from {@code first} on must be assigned to; empty to leave them
     */
    Rewritten rewrite(SqlNode node, List<SqlType> assigned, int first) {
        try {
            Labels labels = Labels.of(node);
            SqlNode validated = compilation.validate(node);
            List<ResultColumn> columns = columns(validated, labels);
            SortedMap<Integer, Parameter> parameters = parameters(validated);
            RelNode algebra = compilation.algebra(validated);
            ExpressionLowering expressions = compilation.expressions();
            RelNode lowered = compilation.lower(algebra, expressions);
            if (!assigned.isEmpty()) {
                lowered = assign(lowered, algebra.getRowType(), expressions, assigned, first);
            }
            return new Rewritten(compilation.rewrite(lowered), columns, parameters, context);
        } catch (RuntimeException | StackOverflowError | AssertionError | LinkageError e) {
            throw ValidationErrors.translate(e, context, node);
        }
    }

    /** As {@link #rewrite}, for an INSERT: the number of columns must be that of the targets. */
    Rewritten rewriteFor(SqlNode node, List<SqlType> types, Table table) {
        Rewritten rewritten = rewrite(node, types, 0);
        if (rewritten.columns().size() != types.size()) {
            throw ErrorCode.SYNTAX.error("INSERT into " + table.qualifiedName() + " names " + types.size()
                    + " columns, the query has " + rewritten.columns().size());
        }
        return rewritten;
    }

    private RelNode assign(
            RelNode lowered, RelDataType row, ExpressionLowering expressions, List<SqlType> assigned, int first) {
        List<RexNode> projects = new ArrayList<>();
        for (RelDataTypeField field : row.getFieldList()) {
            RexNode value = compilation.builder().makeInputRef(lowered, field.getIndex());
            int target = field.getIndex() - first;
            projects.add(
                    target < 0 || target >= assigned.size()
                            ? value
                            : expressions.assign(
                                    value,
                                    field.getType(),
                                    Types.toCalcite(compilation.types(), assigned.get(target), true)));
        }
        return LogicalProject.create(lowered, List.of(), projects, row.getFieldNames(), Set.of());
    }

    /** The user's parameters by their slot, which is their order; lifted literals are left out. */
    private SortedMap<Integer, Parameter> parameters(SqlNode validated) {
        SortedMap<Integer, Parameter> parameters = new TreeMap<>();
        validated.accept(new SqlBasicVisitor<@Nullable Void>() {
            @Override
            public @Nullable Void visit(SqlDynamicParam parameter) {
                RelDataType type = compilation.validator().getValidatedNodeTypeIfKnown(parameter);
                if (type != null && !compilation.slots().isLifted(parameter.getIndex())) {
                    parameters.put(
                            compilation.slots().runtime(parameter.getIndex()),
                            new Parameter(Types.fromCalcite(type), true));
                }
                return null;
            }
        });
        return parameters;
    }

    private List<ResultColumn> columns(SqlNode validated, Labels labels) {
        List<ResultColumn> columns = new ArrayList<>();
        List<@Nullable List<String>> origins =
                new ArrayList<>(compilation.validator().getFieldOrigins(validated));
        for (RelDataTypeField field :
                compilation.validator().getValidatedNodeType(validated).getFieldList()) {
            List<String> origin = origins.get(field.getIndex());
            Table table = origin == null || origin.size() < 3
                    ? null
                    : context.catalog().table(origin.get(origin.size() - 3), origin.get(origin.size() - 2));
            Column column = table == null || origin == null ? null : column(table, origin.get(origin.size() - 1));
            columns.add(new ResultColumn(
                    labels.label(field.getIndex(), origins.size(), field.getName()),
                    column == null ? Types.fromCalcite(field.getType()) : column.type(),
                    field.getType().isNullable(),
                    table == null ? null : table.schema(),
                    table == null ? null : table.name(),
                    column == null ? null : column.name(),
                    column != null && column.identity() != Column.Identity.NONE));
        }
        return columns;
    }

    private static @Nullable Column column(Table table, String name) {
        int position = table.position(name);
        return position < 0 ? null : table.columns().get(position);
    }
}
