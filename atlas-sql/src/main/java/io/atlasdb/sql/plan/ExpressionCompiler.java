package io.atlasdb.sql.plan;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.Catalog;
import io.atlasdb.sql.catalog.Column;
import io.atlasdb.sql.catalog.SqlType;
import io.atlasdb.sql.catalog.SqlType.Kind;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.plan.QueryPlanner.Rewritten;
import io.atlasdb.sql.plan.rules.RowOutput;
import io.atlasdb.sql.plan.runtime.OneRow;
import io.atlasdb.sql.plan.schema.Cardinality;
import java.util.List;
import java.util.Map;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** Compiles expressions that stand outside of queries: DEFAULT, CHECK and the values of an INSERT. */
public final class ExpressionCompiler {
    private ExpressionCompiler() {}

    /**
     * The DEFAULT of a column.
     *
     * @return a value in the column's Java class and within its length and range; uses no column
     * @throws io.atlasdb.proto.AtlasException {@code NO_SUCH_COLUMN} when the text names a column, {@code DATATYPE_MISMATCH} when its
     *     type cannot be assigned to the column, {@code SYNTAX}
     */
    public static CompiledExpression compileDefault(Column column, String sql) {
        PlanningContext context = new PlanningContext(new Catalog(0, Map.of("", Map.of())), "", Cardinality.GUESS);
        Standalone compiled =
                standalone(StatementParser.parseExpression(sql), column.type(), context, Slots.identity());
        return new CompiledExpression(compiled.expression(), column.type(), true, compiled.constant());
    }

    /**
     * A CHECK condition over a row of the table.
     *
     * @return gives a Boolean or null
     * @throws io.atlasdb.proto.AtlasException {@code DATATYPE_MISMATCH} when it is no condition
     */
    public static CompiledExpression compileCheck(Table table, String sql) {
        SqlNode node = StatementParser.parseExpression(sql);
        PlanningContext context = new PlanningContext(
                new Catalog(0, Map.of(table.schema(), Map.of(table.name(), table))), table.schema(), Cardinality.GUESS);
        SqlNode from = new SqlIdentifier(List.of(table.schema(), table.name()), SqlParserPos.ZERO);
        Rewritten rewritten = new QueryPlanner(context, Slots.identity()).rewrite(select(node, from), List.of(), 0);
        SqlType type = rewritten.columns().get(0).type();
        if (type.kind() != Kind.BOOLEAN) {
            throw ErrorCode.DATATYPE_MISMATCH.error("CHECK (" + sql + ") is a " + type + ", not a condition");
        }
        return new CompiledExpression(expression(rewritten), type, true, RowOutput.isConstant(rewritten.logical()));
    }

    /**
     * An expression that uses no column.
     *
     * @param parameters the user's parameters in it, by their slot
     */
    record Standalone(RowExpression expression, Map<Integer, Parameter> parameters, boolean constant) {}

    static Standalone standalone(SqlNode node, SqlType type, PlanningContext context, Slots slots) {
        Rewritten rewritten = new QueryPlanner(context, slots).rewrite(select(node, null), List.of(type), 0);
        return new Standalone(expression(rewritten), rewritten.bySlot(), RowOutput.isConstant(rewritten.logical()));
    }

    private static SqlNode select(SqlNode expression, @Nullable SqlNode from) {
        return new SqlSelect(
                SqlParserPos.ZERO,
                null,
                SqlNodeList.of(expression),
                from,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /** Interpreted when it is simple, else run as a query over the one row. */
    private static RowExpression expression(Rewritten rewritten) {
        RowExpression simple = RowOutput.of(rewritten.logical());
        if (simple != null) {
            return simple;
        }
        QueryPlan query = rewritten.compile();
        return (row, source) -> {
            try (RowCursor cursor = query.open(new OneRow(source, row))) {
                return cursor.next() ? cursor.row()[0] : null;
            }
        };
    }
}
