package io.atlasdb.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the text says is what is parsed; {@code statements.txt} has the cases. */
class StatementParserTest {
    /** A statement and what becomes of it. */
    record Case(String sql, String expected) {}

    static Stream<Case> cases() throws IOException {
        try (InputStream in = StatementParserTest.class.getResourceAsStream("statements.txt")) {
            String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            return Stream.of(text.split("\n\n"))
                    .map(String::strip)
                    .filter(block -> !block.isEmpty() && !block.startsWith("#"))
                    .map(block -> {
                        int end = block.lastIndexOf("\n= ");
                        return new Case(block.substring(0, end), block.substring(end + 3));
                    })
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void parsesAsWritten(Case example) {
        assertThat(describe(example.sql())).isEqualTo(example.expected());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void canonicalTextMeansTheSame(Case example) {
        String once = describe(example.sql());
        int colon = once.indexOf(": ");
        if (Character.isUpperCase(once.charAt(1)) || example.sql().contains("DEFAULT VALUES")) {
            return; // an error code, or the one node that has no text of its own
        }
        String again = describe(once.substring(colon + 2));
        assertThat(again.substring(again.indexOf(": ") + 2)).isEqualTo(once.substring(colon + 2));
    }

    /** {@code Kind: canonical text}, or {@code CODE: message}. */
    private static String describe(String sql) {
        try {
            return describe(StatementParser.parse(sql));
        } catch (AtlasException e) {
            return e.code() + ": " + e.getMessage();
        }
    }

    private static String describe(Parsed parsed) {
        if (parsed instanceof Parsed.Query query) {
            return "Query" + query.parameters() + ": " + text(query.node());
        }
        if (parsed instanceof Parsed.Dml dml) {
            String kind = dml.kind().name();
            return kind.charAt(0) + kind.substring(1).toLowerCase(java.util.Locale.ROOT) + dml.parameters() + ": "
                    + text(dml.node());
        }
        if (parsed instanceof Parsed.Ddl ddl) {
            return "Ddl: " + ddl.command().sql();
        }
        if (parsed instanceof Parsed.ControlStatement control) {
            return "Control: " + control.command().sql();
        }
        String inner = describe(((Parsed.Explain) parsed).statement());
        return "Explain: EXPLAIN " + inner.substring(inner.indexOf(": ") + 2);
    }

    private static String text(SqlNode node) {
        return StatementParser.text(node).replaceAll("\\s+", " ");
    }

    @Test
    void defaultValuesIsTold() {
        Parsed.Dml insert = (Parsed.Dml) StatementParser.parse("INSERT INTO t DEFAULT VALUES");
        assertThat(io.atlasdb.sql.plan.ast.Nodes.isDefaultValues((SqlInsert) insert.node()))
                .isTrue();
        Parsed.Dml other = (Parsed.Dml) StatementParser.parse("INSERT INTO t VALUES (DEFAULT)");
        assertThat(io.atlasdb.sql.plan.ast.Nodes.isDefaultValues((SqlInsert) other.node()))
                .isFalse();
    }

    @Test
    void commonWordsStayNames() throws IOException {
        for (String word : words()) {
            List<String> statements = List.of(
                    "SELECT #, t.#, # + 1 FROM t WHERE # = 1 AND # IS NOT NULL GROUP BY # ORDER BY # DESC",
                    "SELECT a AS #, sum(#) # FROM # JOIN u # ON u.# = #.#",
                    "CREATE TABLE # (# INT NOT NULL, b INT, PRIMARY KEY (#), CHECK (# > 0))",
                    "CREATE INDEX # ON # (# DESC)",
                    "INSERT INTO # (#, b) VALUES (1, 2)",
                    "UPDATE # SET # = # + 1 WHERE # = 2",
                    "DELETE FROM # WHERE # = 1");
            for (String statement : statements) {
                String sql = statement.replace("#", word);
                assertThat(describe(sql)).as(sql).doesNotMatch("^[A-Z]{2,}.*");
            }
        }
    }

    private static List<String> words() throws IOException {
        try (InputStream in = StatementParserTest.class.getResourceAsStream("names.txt")) {
            return List.of(new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .strip()
                    .split("\\s+"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT |(|1|)|",
                "SELECT * FROM t WHERE |(a + |1|)| > 1",
                "SELECT |f(|1|)|",
                "SELECT |(SELECT |1|)|",
                "SELECT * FROM |(SELECT * FROM |t|)| AS x",
                "SELECT |CASE WHEN a THEN |1| END|",
                "SELECT |NOT |TRUE||",
                "SELECT |- |1||",
                "SELECT |1 + |1||",
                "SELECT * FROM t WHERE |a = 1 OR |b = 1||",
                "|(|SELECT 1| UNION SELECT 2)|",
                "SELECT |ARRAY[|1|]|",
            })
    void deepNestingIsRefusedAndALittleIsNot(String pattern) {
        String[] parts = pattern.split("\\|", -1);
        assertThat(StatementParser.parse(nested(parts, 30))).isInstanceOf(Parsed.Query.class);
        assertThatThrownBy(() -> StatementParser.parse(nested(parts, 10_000)))
                .isInstanceOfSatisfying(
                        AtlasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT));
    }

    private static String nested(String[] parts, int depth) {
        return parts[0] + parts[1].repeat(depth) + parts[2] + parts[3].repeat(depth) + parts[4];
    }

    @Test
    void longTextIsRefusedBeforeItIsRead() {
        String longest = "SELECT '" + "x".repeat(Limits.STATEMENT_CHARACTERS_MAX) + "'";
        assertThatThrownBy(() -> StatementParser.parse(longest))
                .isInstanceOfSatisfying(
                        AtlasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LIMIT));
    }

    @Test
    void messagesStayShort() {
        for (String sql : List.of("x".repeat(100_000), "SELECT 'a", "SELECT \u0000", "SELECT * FROM t WHERE", "?")) {
            assertThatThrownBy(() -> StatementParser.parse(sql)).isInstanceOfSatisfying(AtlasException.class, e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.SYNTAX);
                assertThat(e.getMessage()).hasSizeLessThan(250).doesNotContain("apache", "Exception");
            });
        }
    }
}
