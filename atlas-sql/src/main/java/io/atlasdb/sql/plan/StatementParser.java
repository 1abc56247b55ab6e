package io.atlasdb.sql.plan;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.plan.ast.AtlasConformance;
import io.atlasdb.sql.plan.ast.CommandNode;
import io.atlasdb.sql.plan.ast.ExplainNode;
import io.atlasdb.sql.plan.ast.Nodes;
import io.atlasdb.sql.plan.ast.Standard;
import io.atlasdb.sql.plan.ddl.Control;
import io.atlasdb.sql.plan.ddl.DdlCommand;
import io.atlasdb.sql.plan.parser.AtlasParserImpl;
import io.atlasdb.sql.plan.parser.TokenMgrError;
import io.atlasdb.sql.store.Limits;
import java.util.function.Function;
import org.apache.calcite.avatica.util.Casing;
import org.apache.calcite.sql.SqlDelete;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlUpdate;
import org.apache.calcite.sql.parser.SqlAbstractParserImpl;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.util.SourceStringReader;

/**
 * SQL text → {@link Parsed}. Unquoted identifiers are folded to upper case, double-quoted ones are taken as written; strings are in
 * single quotes. A semicolon at the end is accepted; two statements in one text are not.
 *
 * <p>Errors are {@code SYNTAX} with line, column and the word at which the text went wrong; {@code UNSUPPORTED} naming the feature,
 * for a text that is right and asks for something that Atlas does not have; {@code LIMIT} for a text too long or nested too
 * deeply. All methods are safe for several threads.
 */
public final class StatementParser {
    private StatementParser() {}

    /** Parses one statement. */
    public static Parsed parse(String sql) {
        checkSize(sql);
        AtlasParserImpl parser = parser(sql);
        return run(sql, parser, parser::parseSqlStmtEof, StatementParser::classify);
    }

    /** Parses an expression, as DEFAULT and CHECK hold it. */
    public static SqlNode parseExpression(String sql) {
        checkSize(sql);
        AtlasParserImpl parser = parser(sql);
        return run(sql, parser, parser::parseSqlExpressionEof, node -> node);
    }

    /** SQL text of a node on one line, identifiers quoted. */
    public static String text(SqlNode node) {
        return Nodes.text(node);
    }

    private static AtlasParserImpl parser(String sql) {
        AtlasParserImpl parser = (AtlasParserImpl) AtlasParserImpl.FACTORY.getParser(new SourceStringReader(sql));
        parser.setTabSize(1);
        parser.setQuotedCasing(Casing.UNCHANGED);
        parser.setUnquotedCasing(Casing.TO_UPPER);
        parser.setIdentifierMaxLength(Limits.NAME_CHARACTERS_MAX);
        parser.setConformance(AtlasConformance.INSTANCE);
        parser.switchTo(SqlAbstractParserImpl.LexicalState.DQID);
        return parser;
    }

    private static <T> T run(String sql, AtlasParserImpl parser, Production production, Function<SqlNode, T> result) {
        try {
            SqlNode node = production.parse();
            if (parser.unsupported() != null) {
                throw ErrorCode.UNSUPPORTED.error(parser.unsupported());
            }
            return result.apply(Standard.of(node));
        } catch (AtlasException e) {
            throw e;
        } catch (StackOverflowError e) {
            // Long chains of operators and nested CASE have no parentheses to count.
            throw ErrorCode.LIMIT.error(e, "the nesting of the statement", "too deep", Limits.NESTING_MAX + " levels");
        } catch (Exception | TokenMgrError e) {
            throw SyntaxErrors.of(sql, parser.normalizeException(e));
        }
    }

    /** Bounds what the recursive parser will meet, before it meets it. */
    private static void checkSize(String sql) {
        if (sql.length() > Limits.STATEMENT_CHARACTERS_MAX) {
            throw ErrorCode.LIMIT.error(
                    "the statement", sql.length() + " characters", Limits.STATEMENT_CHARACTERS_MAX + " characters");
        }
        TextScanner scanner = new TextScanner(sql);
        int depth = 0;
        int deepest = 0;
        char first = scanner.next();
        if (first == TextScanner.END) {
            throw ErrorCode.SYNTAX.error("the statement is empty");
        }
        for (char c = first; c != TextScanner.END; c = scanner.next()) {
            if (c == '(' || c == '[') {
                depth++;
                deepest = Math.max(deepest, depth);
            } else if (c == ')' || c == ']') {
                depth--;
            }
        }
        if (deepest > Limits.NESTING_MAX) {
            throw ErrorCode.LIMIT.error(
                    "the nesting of the statement", deepest + " levels", Limits.NESTING_MAX + " levels");
        }
    }

    private static Parsed classify(SqlNode node) {
        if (node instanceof CommandNode leaf) {
            return leaf.command() instanceof DdlCommand ddl
                    ? new Parsed.Ddl(ddl)
                    : new Parsed.ControlStatement((Control) leaf.command());
        }
        if (node instanceof ExplainNode explain) {
            return new Parsed.Explain(classify(explain.statement()));
        }
        if (node instanceof SqlInsert insert) {
            return dml(node, insert.isUpsert() ? Parsed.DmlKind.UPSERT : Parsed.DmlKind.INSERT);
        }
        if (node instanceof SqlUpdate) {
            return dml(node, Parsed.DmlKind.UPDATE);
        }
        if (node instanceof SqlDelete) {
            return dml(node, Parsed.DmlKind.DELETE);
        }
        if (SqlKind.QUERY.contains(node.getKind())) {
            return new Parsed.Query(node, parameters(node));
        }
        throw ErrorCode.UNSUPPORTED.error(node.getKind().sql);
    }

    private static Parsed dml(SqlNode node, Parsed.DmlKind kind) {
        return new Parsed.Dml(node, kind, parameters(node));
    }

    private static int parameters(SqlNode node) {
        ParameterCount count = new ParameterCount();
        node.accept(count);
        return count.value;
    }

    private interface Production {
        SqlNode parse() throws Exception;
    }

    /** Parameters are numbered as they stand in the text. */
    private static final class ParameterCount extends SqlBasicVisitor<Void> {
        private int value;

        @Override
        @SuppressWarnings("NullAway") // a visitor's result that nobody reads
        public Void visit(SqlDynamicParam parameter) {
            value = Math.max(value, parameter.getIndex() + 1);
            return null;
        }
    }
}
