package io.atlasdb.sql.plan.rules;

import java.util.List;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql2rel.SqlRexContext;
import org.apache.calcite.sql2rel.SqlRexConvertlet;
import org.apache.calcite.sql2rel.SqlRexConvertletTable;
import org.apache.calcite.sql2rel.StandardConvertletTable;
import org.jspecify.annotations.Nullable;

/** Calcite's translation of calls, except TIMESTAMPDIFF, which it would turn into arithmetic on milliseconds. */
public final class Convertlets implements SqlRexConvertletTable {
    public static final Convertlets INSTANCE = new Convertlets();

    /** {@code (unit, from, to)}; stands in a plan until it is lowered. */
    static final SqlFunction DIFFERENCE = new SqlFunction(
            "ATLAS_TIMESTAMPDIFF",
            SqlKind.OTHER_FUNCTION,
            ReturnTypes.BIGINT_NULLABLE,
            null,
            null,
            SqlFunctionCategory.TIMEDATE);

    private Convertlets() {}

    @Override
    public @Nullable SqlRexConvertlet get(SqlCall call) {
        return call.getOperator().equals(SqlStdOperatorTable.TIMESTAMP_DIFF)
                        && call.operand(0) instanceof SqlIntervalQualifier
                ? Convertlets::difference
                : StandardConvertletTable.INSTANCE.get(call);
    }

    private static org.apache.calcite.rex.RexNode difference(SqlRexContext context, SqlCall call) {
        SqlIntervalQualifier unit = call.operand(0);
        RexBuilder builder = context.getRexBuilder();
        return builder.makeCall(
                context.getValidator().getValidatedNodeType(call),
                DIFFERENCE,
                List.of(
                        builder.makeLiteral(unit.getUnit().name()),
                        context.convertExpression(call.operand(1)),
                        context.convertExpression(call.operand(2))));
    }
}
