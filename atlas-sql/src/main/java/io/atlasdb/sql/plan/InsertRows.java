package io.atlasdb.sql.plan;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.Column;
import io.atlasdb.sql.catalog.SqlType;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.plan.types.Assignment;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/** The rows of {@code VALUES} in an INSERT. Literals and parameters, which most are, need no planning. */
final class InsertRows {
    private final PlanningContext context;
    private final Slots slots;
    private final Table table;
    private final int[] targets;
    private final List<List<@Nullable RowExpression>> rows = new ArrayList<>();
    private final SortedMap<Integer, Parameter> parameters = new TreeMap<>();

    InsertRows(PlanningContext context, Slots slots, Table table, int[] targets) {
        this.context = context;
        this.slots = slots;
        this.table = table;
        this.targets = targets;
    }

    List<List<@Nullable RowExpression>> rows() {
        return rows;
    }

    /** The user's parameters in their order. */
    List<Parameter> parameters() {
        return List.copyOf(parameters.values());
    }

    /** Adds the operands of VALUES, each a ROW. */
    void add(List<SqlNode> values) {
        for (SqlNode value : values) {
            SqlCall row = (SqlCall) value;
            if (row.operandCount() != targets.length) {
                throw ErrorCode.SYNTAX.error("INSERT names " + targets.length + " columns, a row has "
                        + row.operandCount() + " values (line "
                        + row.getParserPosition().getLineNum() + ")");
            }
            List<@Nullable RowExpression> cells = new ArrayList<>(targets.length);
            for (int i = 0; i < targets.length; i++) {
                cells.add(cell(table.columns().get(targets[i]), row.operand(i)));
            }
            rows.add(cells);
        }
    }

    private @Nullable RowExpression cell(Column column, SqlNode node) {
        SqlType type = column.type();
        if (node.getKind() == SqlKind.DEFAULT) {
            return null;
        }
        if (node instanceof SqlDynamicParam parameter) {
            int slot = slots.runtime(parameter.getIndex());
            if (!slots.isLifted(parameter.getIndex())) {
                parameters.put(slot, new Parameter(type, column.nullable()));
            }
            return (row, source) -> Assignment.convert(type, source.parameter(slot));
        }
        if (isNull(node)) {
            return (row, source) -> null;
        }
        Object value = literal(node);
        if (value != null) {
            return constant(type, value);
        }
        ExpressionCompiler.Standalone compiled = ExpressionCompiler.standalone(node, type, context, slots);
        parameters.putAll(compiled.parameters());
        return compiled.expression();
    }

    private static boolean isNull(SqlNode node) {
        return node instanceof SqlLiteral literal && literal.getTypeName() == SqlTypeName.NULL;
    }

    /** Converted once; a value that does not fit fails when the statement runs. */
    private static RowExpression constant(SqlType type, Object value) {
        Object converted;
        try {
            converted = Assignment.convert(type, value);
        } catch (io.atlasdb.proto.AtlasException doesNotFit) {
            return (row, source) -> {
                throw doesNotFit;
            };
        }
        return (row, source) -> converted;
    }

    /** The value of a number, string or truth value, with its sign; null for anything else. */
    private static @Nullable Object literal(SqlNode node) {
        if (node.getKind() == SqlKind.MINUS_PREFIX
                && literal(((SqlCall) node).operand(0)) instanceof BigDecimal number) {
            return number.negate();
        }
        if (!(node instanceof SqlLiteral literal)) {
            return null;
        }
        return switch (literal.getTypeName()) {
            case DECIMAL -> literal.getValueAs(BigDecimal.class);
            case CHAR -> literal.getValueAs(String.class);
            case BOOLEAN -> literal.getValueAs(Boolean.class);
            default -> null;
        };
    }
}
