package io.atlasdb.sql.plan;

import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.util.SqlShuttle;
import org.jspecify.annotations.Nullable;

/**
 * A statement's text with literals replaced by {@code ?}, so that texts that differ in values alone share a plan.
 *
 * <p>Only literals whose value cannot change the meaning of the text are lifted: whole operands of comparisons behind WHERE, values
 * behind SET, and cells of VALUES in an INSERT. Whatever this small lexer is not sure of stays in the text.
 *
 * @param text the text with {@code ?} in place of what was lifted
 * @param marks one letter per {@code ?} of {@code text}: {@code u} for a parameter of the user, else the type of the literal
 * @param literals their values, in order
 */
record LiftedText(String text, String marks, List<Object> literals) {
    private static final char USER = 'u';
    private static final char INTEGER = 'i';
    private static final char BIGINT = 'l';
    private static final char DECIMAL = 'd';
    private static final char STRING = 's';

    private static final Set<String> COMPARISONS = Set.of("=", "<", ">", "<=", ">=", "<>", "!=");
    /** What may follow an operand that is a literal alone. */
    private static final Set<String> ENDS =
            Set.of("", ")", ";", ",", "AND", "OR", "ORDER", "GROUP", "LIMIT", "FETCH", "WHERE");

    private static final Set<String> CLAUSES =
            Set.of("SELECT", "FROM", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "FETCH", "UNION", "WINDOW", "ON");

    /** Lifts what can be; with nothing lifted, {@code text} is the user's. */
    static LiftedText of(String sql) {
        return new Lifter(sql).run();
    }

    boolean isLifted() {
        return !literals.isEmpty();
    }

    Slots slots() {
        int users = (int) marks.chars().filter(mark -> mark == USER).count();
        int[] runtime = new int[marks.length()];
        int user = 0;
        int lifted = users;
        for (int i = 0; i < runtime.length; i++) {
            runtime[i] = marks.charAt(i) == USER ? user++ : lifted++;
        }
        return new Slots(runtime, users);
    }

    /** Gives every lifted parameter the type of its literal. */
    SqlNode typed(SqlNode node) {
        SqlNode typed = node.accept(new SqlShuttle() {
            @Override
            public @Nullable SqlNode visit(SqlDynamicParam parameter) {
                char mark = marks.charAt(parameter.getIndex());
                if (mark == USER) {
                    return parameter;
                }
                SqlTypeName type = mark == INTEGER
                        ? SqlTypeName.INTEGER
                        : mark == BIGINT ? SqlTypeName.BIGINT : SqlTypeName.VARCHAR;
                SqlParserPos position = parameter.getParserPosition();
                return SqlStdOperatorTable.CAST.createCall(
                        position, parameter, new SqlDataTypeSpec(new SqlBasicTypeNameSpec(type, position), position));
            }
        });
        return typed == null ? node : typed;
    }

    /** Walks the words of one text. */
    private static final class Lifter {
        private final String sql;
        private final StringBuilder text = new StringBuilder();
        private final StringBuilder marks = new StringBuilder();
        private final List<Object> literals = new ArrayList<>();
        /** The clause that each open parenthesis stands in. */
        private final Deque<String> outer = new ArrayDeque<>();

        private String clause = "";
        private String previous = "";
        private String beforePrevious = "";
        private boolean insert;
        /** EXPLAIN shows the values that the user wrote. */
        private boolean explain;

        Lifter(String sql) {
            this.sql = sql;
        }

        LiftedText run() {
            int at = 0;
            while (at < sql.length()) {
                int end = wordEnd(at);
                if (end < 0) {
                    // A comment or something that is not closed: nothing is sure any more.
                    return new LiftedText(sql, "", List.of());
                }
                String word = sql.substring(at, end);
                if (Character.isWhitespace(word.charAt(0))) {
                    text.append(word);
                } else {
                    take(word, end);
                }
                at = end;
            }
            return literals.isEmpty()
                    ? new LiftedText(sql, "", List.of())
                    : new LiftedText(text.toString(), marks.toString(), List.copyOf(literals));
        }

        private void take(String word, int end) {
            char mark = mark(word);
            if (mark != 0 && !explain && isWholeOperand(mark, end)) {
                literals.add(value(word, mark));
                marks.append(mark);
                text.append('?');
            } else {
                if (word.equals("?")) {
                    marks.append(USER);
                }
                text.append(word);
            }
            follow(word.toUpperCase(Locale.ROOT));
        }

        private boolean isWholeOperand(char mark, int end) {
            String next = next(end);
            if (clause.equals("VALUES")) {
                return insert
                        && outer.size() == 1
                        && (previous.equals("(") || previous.equals(","))
                        && (next.equals(")") || next.equals(","));
            }
            return mark != DECIMAL
                    && (clause.equals("WHERE") || clause.equals("SET"))
                    && COMPARISONS.contains(previous)
                    && isName(beforePrevious)
                    && ENDS.contains(next);
        }

        /** A constant compared with a constant is a condition that planning should see. */
        private static boolean isName(String word) {
            char first = word.isEmpty() ? ' ' : word.charAt(0);
            return first == '"' || Character.isJavaIdentifierStart(first);
        }

        /** Keeps track of the clause. */
        private void follow(String word) {
            switch (word) {
                case "(" -> outer.push(clause);
                case ")" -> clause = outer.isEmpty() ? "" : outer.pop();
                case "INSERT", "UPSERT" -> insert |= previous.isEmpty();
                case "EXPLAIN" -> explain |= previous.isEmpty();
                case "WHERE", "SET", "VALUES" -> clause = word;
                default -> clause = CLAUSES.contains(word) ? word : clause;
            }
            beforePrevious = previous;
            previous = word;
        }

        private String next(int from) {
            int at = from;
            while (at < sql.length() && Character.isWhitespace(sql.charAt(at))) {
                at++;
            }
            if (at == sql.length()) {
                return "";
            }
            int end = wordEnd(at);
            return end < 0 ? "?" : sql.substring(at, end).toUpperCase(Locale.ROOT);
        }

        /** The end of the word, sign or run of blanks at an offset; -1 for a comment or an unfinished string. */
        private int wordEnd(int from) {
            char c = sql.charAt(from);
            if (Character.isWhitespace(c)) {
                return run(from, Character::isWhitespace);
            }
            if (c == '\'' || c == '"') {
                return quotedEnd(from, c);
            }
            boolean comment = sql.startsWith("--", from) || sql.startsWith("/*", from);
            if (comment) {
                return -1;
            }
            if (Character.isJavaIdentifierPart(c) || c == '.') {
                return run(from, d -> Character.isJavaIdentifierPart(d) || d == '.');
            }
            return "<>!=".indexOf(c) >= 0 ? run(from, d -> "<>!=".indexOf(d) >= 0) : from + 1;
        }

        private int run(int from, java.util.function.IntPredicate inside) {
            int end = from + 1;
            while (end < sql.length() && inside.test(sql.charAt(end))) {
                end++;
            }
            return end;
        }

        private int quotedEnd(int from, char quote) {
            int end = from + 1;
            while (end < sql.length()) {
                if (sql.charAt(end) != quote) {
                    end++;
                } else if (end + 1 < sql.length() && sql.charAt(end + 1) == quote) {
                    end += 2;
                } else {
                    return end + 1;
                }
            }
            return -1;
        }

        /** The type of a literal, 0 for any other word. */
        private static char mark(String word) {
            if (word.charAt(0) == '\'') {
                return STRING;
            }
            if (!Character.isDigit(word.charAt(0)) || word.length() > 30) {
                return 0;
            }
            boolean digits = word.chars().allMatch(Character::isDigit);
            if (digits && word.length() <= 18) {
                return Long.parseLong(word) <= Integer.MAX_VALUE ? INTEGER : BIGINT;
            }
            return word.chars().allMatch(c -> Character.isDigit(c) || c == '.')
                            && word.indexOf('.') == word.lastIndexOf('.')
                    ? DECIMAL
                    : 0;
        }

        private static Object value(String word, char mark) {
            return switch (mark) {
                case STRING -> word.substring(1, word.length() - 1).replace("''", "'");
                case INTEGER -> Integer.valueOf(word);
                case BIGINT -> Long.valueOf(word);
                default -> new BigDecimal(word);
            };
        }
    }
}
