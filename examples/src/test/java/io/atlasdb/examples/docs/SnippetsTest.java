package io.atlasdb.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.atlasdb.examples.TestNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs the SQL of the documentation: every block that begins with {@code ```sql run}. The blocks of a page run in their order,
 * on one connection, in a schema of the page's own. Below a statement, lines that begin with {@code -->} say what it gives: a row
 * with its values between bars, or {@code error} and the SQLSTATE; without such lines it just has to succeed.
 */
@ExtendWith(TestNode.Extension.class)
class SnippetsTest {
    private static final String BLOCK = "```sql run";
    private static final String EXPECTED = "-->";

    /** A statement, the line it begins on, and what it should give. */
    private record Snippet(int line, String sql, List<String> expected) {}

    @TestFactory
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    List<DynamicTest> sqlInPagesRunsAsItSays(TestNode node) throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path page : Pages.all()) {
            List<Snippet> snippets = snippets(page);
            if (!snippets.isEmpty()) {
                String name = Pages.TOP.relativize(page).toString();
                tests.add(DynamicTest.dynamicTest(name, () -> run(node, name, snippets)));
            }
        }
        assertThat(tests).as("pages with SQL to run").isNotEmpty();
        return tests;
    }

    private static List<Snippet> snippets(Path page) throws IOException {
        List<Snippet> snippets = new ArrayList<>();
        List<String> lines = Files.readAllLines(page);
        boolean inside = false;
        StringBuilder sql = new StringBuilder();
        int begin = 0;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (!inside) {
                inside = line.startsWith(BLOCK);
            } else if (line.startsWith("```")) {
                assertThat(sql.toString())
                        .as(page + ": a statement without a semicolon")
                        .isBlank();
                inside = false;
            } else if (line.startsWith(EXPECTED)) {
                snippets.get(snippets.size() - 1)
                        .expected()
                        .add(line.substring(EXPECTED.length()).strip());
            } else {
                if (sql.isEmpty()) {
                    begin = i + 1;
                }
                sql.append(line).append('\n');
                if (line.endsWith(";")) {
                    snippets.add(new Snippet(begin, sql.toString().strip(), new ArrayList<>()));
                    sql.setLength(0);
                }
            }
        }
        return snippets;
    }

    private static void run(TestNode node, String name, List<Snippet> snippets) throws SQLException {
        String schema = name.replaceAll("[^A-Za-z]", "_").toUpperCase(Locale.ROOT);
        try (Connection connection = DriverManager.getConnection(node.url("PUBLIC"));
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA " + schema);
            statement.execute("SET SCHEMA " + schema);
            for (Snippet snippet : snippets) {
                String where = name + ":" + snippet.line() + ": " + snippet.sql();
                List<String> given;
                try {
                    given = rows(statement, snippet.sql());
                } catch (SQLException e) {
                    given = List.of("error " + e.getSQLState());
                    if (snippet.expected().isEmpty()) {
                        fail(where, e);
                    }
                }
                if (!snippet.expected().isEmpty()) {
                    assertThat(given).as(where).isEqualTo(snippet.expected());
                }
            }
        }
    }

    private static List<String> rows(Statement statement, String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        if (statement.execute(sql)) {
            try (ResultSet results = statement.getResultSet()) {
                int columns = results.getMetaData().getColumnCount();
                while (results.next()) {
                    List<String> values = new ArrayList<>();
                    for (int i = 1; i <= columns; i++) {
                        values.add(String.valueOf(results.getString(i)));
                    }
                    rows.add(String.join(" | ", values));
                }
            }
        }
        return rows;
    }
}
