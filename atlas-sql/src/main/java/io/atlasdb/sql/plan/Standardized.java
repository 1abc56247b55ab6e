package io.atlasdb.sql.plan;

import io.atlasdb.proto.ErrorCode;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.sql.JoinType;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.util.SqlShuttle;
import org.jspecify.annotations.Nullable;

/**
 * Says in Calcite's words what it would not understand as the standard has it: CURRENT_TIMESTAMP and its kin have six fraction
 * digits, some statistics are of type DOUBLE.
 */
final class Standardized extends SqlShuttle {
    private static final String MICROS = "6";
    private static final Set<SqlKind> ORDERING =
            EnumSet.of(SqlKind.DESCENDING, SqlKind.NULLS_FIRST, SqlKind.NULLS_LAST);
    private static final Set<JoinType> ASOF = EnumSet.of(JoinType.ASOF, JoinType.LEFT_ASOF);

    private Standardized() {}

    static SqlNode of(SqlNode node) {
        SqlNode result = node.accept(new Standardized());
        return result == null ? node : result;
    }

    @Override
    public @Nullable SqlNode visit(SqlIdentifier identifier) {
        if (!identifier.isSimple() || identifier.isComponentQuoted(0)) {
            return identifier;
        }
        SqlParserPos position = identifier.getParserPosition();
        return switch (identifier.getSimple()) {
            case "CURRENT_TIMESTAMP" -> SqlStdOperatorTable.CURRENT_TIMESTAMP.createCall(position, micros(position));
            case "LOCALTIMESTAMP" -> SqlStdOperatorTable.LOCALTIMESTAMP.createCall(position, micros(position));
            case "CURRENT_TIME" -> SqlStdOperatorTable.CURRENT_TIME.createCall(position, micros(position));
            case "LOCALTIME" -> SqlStdOperatorTable.LOCALTIME.createCall(position, micros(position));
            default -> identifier;
        };
    }

    @Override
    public @Nullable SqlNode visit(SqlCall call) {
        if (call.operandCount() == 0) {
            SqlNode renamed = visit(new SqlIdentifier(call.getOperator().getName(), call.getParserPosition()));
            return renamed instanceof SqlCall ? renamed : call;
        }
        if (call.getOperator().getKind() == SqlKind.WITHIN_GROUP && isNamed(call.operand(0), "PERCENTILE_CONT")) {
            call.setOperand(1, interpolated(call.operand(1)));
        }
        if (call.getOperator().getKind() == SqlKind.FILTER
                && call.operand(0) instanceof SqlCall inner
                && inner.getKind() == SqlKind.WITHIN_GROUP) {
            throw ErrorCode.UNSUPPORTED.error("FILTER behind WITHIN GROUP");
        }
        if (call.getOperator().getKind() == SqlKind.OVER && call.operand(0) instanceof SqlCall function) {
            spread(function);
        }
        if (call instanceof SqlJoin join && ASOF.contains(join.getJoinType())) {
            throw ErrorCode.UNSUPPORTED.error("ASOF JOIN");
        }
        return super.visit(call);
    }

    private static boolean isNamed(SqlNode node, String name) {
        return node instanceof SqlCall call && call.getOperator().getName().equalsIgnoreCase(name);
    }

    /** A value between two others need not be of their type. */
    private static SqlNodeList interpolated(SqlNodeList order) {
        return new SqlNodeList(order.stream().map(Standardized::interpolated).toList(), order.getParserPosition());
    }

    private static SqlNode interpolated(SqlNode item) {
        if (item instanceof SqlCall call && ORDERING.contains(call.getKind())) {
            SqlNode value = call.operand(0);
            call.setOperand(0, interpolated(value));
            return call;
        }
        return asDouble(item);
    }

    /** Calcite multiplies decimals for a spread over a window until they do not fit their type. */
    private static void spread(SqlCall function) {
        String name = function.getOperator().getName().toUpperCase(Locale.ROOT);
        if (function.operandCount() == 1 && (name.startsWith("STDDEV") || name.startsWith("VAR"))) {
            function.setOperand(0, asDouble(function.operand(0)));
        }
    }

    private static SqlNode asDouble(SqlNode node) {
        SqlParserPos position = node.getParserPosition();
        return SqlStdOperatorTable.CAST.createCall(
                position, node, new SqlDataTypeSpec(new SqlBasicTypeNameSpec(SqlTypeName.DOUBLE, position), position));
    }

    private static SqlNode micros(SqlParserPos position) {
        return SqlLiteral.createExactNumeric(MICROS, position);
    }
}
