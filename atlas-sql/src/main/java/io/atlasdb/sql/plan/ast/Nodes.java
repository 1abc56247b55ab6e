package io.atlasdb.sql.plan.ast;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.plan.ddl.OwnerWish;
import io.atlasdb.sql.plan.ddl.PlacementOptions;
import io.atlasdb.sql.plan.ddl.QualifiedName;
import io.atlasdb.sql.store.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.runtime.CalciteException;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDialect;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlWriterConfig;
import org.apache.calcite.sql.dialect.AnsiSqlDialect;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;

/** What the generated parser calls to build plain data from syntax nodes, and the way back to text. */
public final class Nodes {
    /** Standard SQL with every identifier in double quotes. */
    private static final SqlDialect DIALECT = new AnsiSqlDialect(AnsiSqlDialect.DEFAULT_CONTEXT
            .withIdentifierQuoteString("\"")
            .withLiteralQuoteString("'")
            .withLiteralEscapedQuoteString("''"));

    /** Options that are understood and not there yet. */
    private static final Set<String> LATER_OPTIONS = Set.of("OWNER");

    private Nodes() {}

    /** SQL text of a node on one line, identifiers quoted; parsing it gives the same tree. */
    public static String text(SqlNode node) {
        return node.toSqlString(Nodes::style).getSql();
    }

    private static SqlWriterConfig style(SqlWriterConfig config) {
        return config.withDialect(DIALECT)
                .withQuoteAllIdentifiers(true)
                .withAlwaysUseParentheses(false)
                .withSelectListItemsOnSeparateLines(false)
                .withUpdateSetListNewline(false)
                .withClauseStartsLine(false)
                .withIndentation(0);
    }

    /**
     * The text of a DEFAULT or CHECK expression.
     *
     * @throws io.atlasdb.proto.AtlasException {@code UNSUPPORTED} for parameters, subqueries, sequences and windows: such an
     *     expression must depend on its row alone
     */
    public static String expression(SqlNode node) {
        SqlNode standard = Standard.of(node);
        standard.accept(new RowExpressionCheck());
        return text(standard);
    }

    /** A name as it was written: folded only when it is quoted, which it is not then. */
    public static String asWritten(String folded, String image) {
        return image.startsWith("\"") ? folded : image;
    }

    /** GRANT … TO, REVOKE … FROM. */
    public static void checkDirection(boolean right, SqlParserPos position) {
        if (!right) {
            throw syntax(position, "rights are granted TO principals and revoked FROM them");
        }
    }

    /** A table or index name of one or two parts. */
    public static QualifiedName qualifiedName(SqlIdentifier identifier) {
        List<String> names = identifier.names;
        return switch (names.size()) {
            case 1 -> new QualifiedName(null, names.get(0));
            case 2 -> new QualifiedName(names.get(0), names.get(1));
            default ->
                throw syntax(
                        identifier.getParserPosition(),
                        "a name has at most two parts, schema and table: " + identifier);
        };
    }

    /** The names of a list of simple identifiers; each may stand there once. */
    public static List<String> names(SqlNodeList identifiers) {
        List<String> names = new ArrayList<>();
        for (SqlNode node : identifiers) {
            String name = ((SqlIdentifier) node).getSimple();
            if (names.contains(name)) {
                throw syntax(node.getParserPosition(), "column " + name + " is named twice");
            }
            names.add(name);
        }
        return names;
    }

    /** An error at a place of the text; {@code StatementParser} adds line and column. */
    public static CalciteContextException syntax(SqlParserPos pos, String message) {
        return new CalciteContextException(
                message,
                new CalciteException(message, null),
                pos.getLineNum(),
                pos.getColumnNum(),
                pos.getEndLineNum(),
                pos.getEndColumnNum());
    }

    /** Whether an option of a table or a group is there; one that nobody has heard of is an error of syntax. */
    public static boolean checkTableOption(String name, SqlParserPos pos) {
        String option = name.toUpperCase(Locale.ROOT);
        if (!PlacementOptions.KNOWN.contains(option) && !LATER_OPTIONS.contains(option)) {
            throw syntax(pos, "there is no table option " + name);
        }
        return PlacementOptions.KNOWN.contains(option);
    }

    /** The value of an option: a literal, or a name. The name of a group is folded to upper case unless it is quoted. */
    public static String optionText(String option, SqlNode node) {
        if (node instanceof SqlIdentifier identifier && identifier.isSimple()) {
            return identifier.getSimple();
        }
        String text = node instanceof SqlLiteral literal ? literal.toValue() : null;
        if (text == null) {
            throw syntax(node.getParserPosition(), "option " + option + " takes a literal or a name");
        }
        return option.equalsIgnoreCase("GROUP") ? text.toUpperCase(Locale.ROOT) : text;
    }

    /** What the word behind {@code SET OWNER} asks for. */
    public static OwnerWish.Kind ownerWish(String word, SqlParserPos pos) {
        return switch (word.toUpperCase(Locale.ROOT)) {
            case "NODE" -> OwnerWish.Kind.NODE;
            case "REGION" -> OwnerWish.Kind.REGION;
            case "POLICY" -> OwnerWish.Kind.POLICY;
            default -> throw syntax(pos, "SET OWNER takes a region in quotes, NODE and a number, or POLICY and a text");
        };
    }

    /**
     * Refuses an expression of too many operands and operators.
     *
     * @throws io.atlasdb.proto.AtlasException {@code LIMIT}
     */
    public static void checkParts(int parts) {
        if (parts > Limits.EXPRESSION_PARTS_MAX) {
            throw ErrorCode.LIMIT.error("an expression", "more operands and operators", Limits.EXPRESSION_PARTS_MAX);
        }
    }

    /** The source of {@code INSERT … DEFAULT VALUES}: VALUES with a row of no columns. */
    public static SqlNode defaultValues(SqlParserPos pos) {
        return SqlStdOperatorTable.VALUES.createCall(pos, SqlStdOperatorTable.ROW.createCall(pos));
    }

    /** Whether the statement is {@code INSERT … DEFAULT VALUES}. */
    public static boolean isDefaultValues(SqlInsert insert) {
        return insert.getSource() instanceof SqlBasicCall values
                && values.getKind() == SqlKind.VALUES
                && values.operandCount() == 1
                && values.operand(0) instanceof SqlCall row
                && row.getKind() == SqlKind.ROW
                && row.operandCount() == 0;
    }

    /** The value of a literal behind SET, as text. */
    public static String settingText(SqlNode node) {
        String text = node instanceof SqlLiteral literal ? literal.toValue() : null;
        if (text == null) {
            throw syntax(node.getParserPosition(), "a setting takes a literal, a name or DEFAULT");
        }
        return text;
    }

    /** Finds what an expression over one row must not hold. */
    private static final class RowExpressionCheck extends SqlBasicVisitor<Void> {
        @Override
        public Void visit(SqlCall call) {
            SqlKind kind = call.getKind();
            if (SqlKind.QUERY.contains(kind)) {
                throw ErrorCode.UNSUPPORTED.error("a subquery in DEFAULT or CHECK");
            }
            if (kind == SqlKind.OVER) {
                throw ErrorCode.UNSUPPORTED.error("a window in DEFAULT or CHECK");
            }
            if (kind == SqlKind.NEXT_VALUE || kind == SqlKind.CURRENT_VALUE) {
                throw ErrorCode.UNSUPPORTED.error("a sequence");
            }
            return super.visit(call);
        }

        @Override
        public Void visit(SqlDynamicParam parameter) {
            throw ErrorCode.UNSUPPORTED.error("a parameter in DEFAULT or CHECK");
        }
    }
}
