package io.atlasdb.sql.plan;

import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlShuttle;
import org.jspecify.annotations.Nullable;

/** Gives CURRENT_TIMESTAMP and its kin their six fraction digits, which Calcite would not. */
final class Standardized extends SqlShuttle {
    private static final String MICROS = "6";

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
        return super.visit(call);
    }

    private static SqlNode micros(SqlParserPos position) {
        return SqlLiteral.createExactNumeric(MICROS, position);
    }
}
