package io.atlasdb.sql.plan.ast;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.SqlType;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCharStringLiteral;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlUserDefinedTypeNameSpec;
import org.apache.calcite.sql.fun.SqlLibraryOperators;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.util.SqlShuttle;
import org.apache.calcite.util.NlsString;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites a parsed tree to what Calcite's validator knows: {@code x::t} becomes CAST, our type names become standard ones. Refuses
 * what Calcite's grammar takes and Atlas does not have.
 */
public final class Standard extends SqlShuttle {
    private Standard() {}

    /** The rewritten tree; parts that need no change are shared. */
    public static SqlNode of(SqlNode node) {
        SqlNode rewritten = node.accept(new Standard());
        return rewritten == null ? node : rewritten;
    }

    @Override
    public @Nullable SqlNode visit(SqlCall call) {
        if (call instanceof CommandNode) {
            return call;
        }
        if (call instanceof ExplainNode explain) {
            return new ExplainNode(of(explain.statement()), explain.getParserPosition());
        }
        refuse(call.getKind());
        SqlNode rewritten = super.visit(call);
        if (rewritten instanceof SqlCall cast && cast.getOperator().equals(SqlLibraryOperators.INFIX_CAST)) {
            return SqlStdOperatorTable.CAST.createCall(cast.getParserPosition(), cast.getOperandList());
        }
        return rewritten;
    }

    private static void refuse(SqlKind kind) {
        String feature = switch (kind) {
            case SNAPSHOT -> "FOR SYSTEM_TIME";
            case EXTEND -> "EXTEND";
            case NEXT_VALUE, CURRENT_VALUE -> "a sequence";
            case TABLESAMPLE -> "TABLESAMPLE";
            case MATCH_RECOGNIZE -> "MATCH_RECOGNIZE";
            case CURSOR -> "CURSOR";
            default -> null;
        };
        if (feature != null) {
            throw ErrorCode.UNSUPPORTED.error(feature);
        }
    }

    /** {@code U&'…'} has told what it stands for and is a string like others. */
    @Override
    public @Nullable SqlNode visit(SqlLiteral literal) {
        if (literal instanceof SqlCharStringLiteral && literal.getValue() instanceof NlsString string) {
            return string.getCharsetName() == null
                    ? literal
                    : SqlLiteral.createCharString(string.getValue(), literal.getParserPosition());
        }
        return literal;
    }

    @Override
    public @Nullable SqlNode visit(SqlDataTypeSpec type) {
        if (!(type.getTypeNameSpec() instanceof SqlUserDefinedTypeNameSpec)) {
            return type;
        }
        SqlType.Kind kind = TypeNames.alias(type);
        SqlTypeName name = kind == null ? null : standardName(kind);
        return name == null
                ? type
                : new SqlDataTypeSpec(
                        new SqlBasicTypeNameSpec(name, type.getParserPosition()), type.getParserPosition());
    }

    /** JSON stays as it is: the validator is told of it by the schema. */
    private static @Nullable SqlTypeName standardName(SqlType.Kind kind) {
        return switch (kind) {
            case VARCHAR -> SqlTypeName.VARCHAR;
            case VARBINARY -> SqlTypeName.VARBINARY;
            case SMALLINT -> SqlTypeName.SMALLINT;
            case INTEGER -> SqlTypeName.INTEGER;
            case BIGINT -> SqlTypeName.BIGINT;
            case REAL -> SqlTypeName.REAL;
            case DOUBLE -> SqlTypeName.DOUBLE;
            case BOOLEAN -> SqlTypeName.BOOLEAN;
            case TIMESTAMP -> SqlTypeName.TIMESTAMP;
            default -> null;
        };
    }
}
