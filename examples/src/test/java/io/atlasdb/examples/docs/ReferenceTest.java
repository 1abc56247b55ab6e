package io.atlasdb.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlasdb.examples.TestNode;
import io.atlasdb.proto.ErrorCode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Lists in the reference are those of the code; {@code -Datlas.rewrite} writes the generated one anew. */
@ExtendWith(TestNode.Extension.class)
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ReferenceTest {
    private static final Path REFERENCE = Pages.TOP.resolve("docs/reference");
    private static final String BEGIN = "<!-- generated from ErrorCode -->\n";
    private static final String END = "<!-- end of the generated part -->\n";

    @Test
    void errorsAreThoseOfTheCode() throws IOException {
        Path page = REFERENCE.resolve("errors.md");
        String text = Files.readString(page);
        int begin = text.indexOf(BEGIN) + BEGIN.length();
        int end = text.indexOf(END);
        assertThat(begin).as("the marks in " + page).isBetween(BEGIN.length(), end);
        String expected = text.substring(0, begin) + errorTable() + text.substring(end);
        if (rewrite()) {
            Files.writeString(page, expected);
        } else {
            assertThat(text)
                    .as("run with -Datlas.rewrite to write the table anew")
                    .isEqualTo(expected);
        }
    }

    @Test
    void metricsAreThoseOfARunningNode(TestNode node) throws IOException, InterruptedException {
        URI address = URI.create("http://127.0.0.1:" + node.port() + "/metrics");
        String text = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
                .body();
        Set<String> names = new TreeSet<>();
        for (String line : text.lines().toList()) {
            if (line.startsWith("# HELP ")) {
                names.add(line.split(" ", 4)[2]);
            }
        }
        assertThat(Pages.codeInFirstCells(REFERENCE.resolve("metrics.md"))).isEqualTo(names);
    }

    @Test
    void connectionPropertiesAreThoseOfTheDriver(TestNode node) throws SQLException, IOException {
        List<String> rows = new ArrayList<>();
        String url = node.url("PUBLIC");
        for (DriverPropertyInfo property : DriverManager.getDriver(url).getPropertyInfo(url, new Properties())) {
            rows.add("| `" + property.name + "` |");
        }
        assertThat(rows).isNotEmpty();
        assertThat(Files.readString(REFERENCE.resolve("jdbc.md"))).contains(rows);
    }

    @Test
    void settingsAndSystemTablesAreThoseOfARunningNode(TestNode node) throws SQLException, IOException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(node.url("PUBLIC"));
                Statement statement = connection.createStatement()) {
            try (ResultSet settings = statement.executeQuery("SHOW ALL")) {
                while (settings.next()) {
                    rows.add("| `" + settings.getString(1) + "` |");
                }
            }
            try (ResultSet tables =
                    statement.executeQuery("SELECT table_schema, table_name FROM information_schema.tables"
                            + " WHERE table_type = 'SYSTEM VIEW' OR table_schema IN ('ATLAS', 'INFORMATION_SCHEMA')")) {
                while (tables.next()) {
                    rows.add("| `" + tables.getString(1) + "." + tables.getString(2) + "` |");
                }
            }
        }
        assertThat(rows).hasSizeGreaterThan(12);
        assertThat(Files.readString(REFERENCE.resolve("sql.md"))).contains(rows);
    }

    private static boolean rewrite() {
        String value = System.getProperty("atlas.rewrite");
        return value != null && !value.equals("false");
    }

    private static String errorTable() {
        StringBuilder table = new StringBuilder("| Number | SQLSTATE | Name | Message |\n|---|---|---|---|\n");
        for (ErrorCode code : ErrorCode.values()) {
            // Formatted with the names of its own arguments, so that quotes are shown as they are sent.
            String message =
                    new MessageFormat(code.pattern(), Locale.ROOT).format(new Object[] {"{0}", "{1}", "{2}", "{3}"});
            table.append("| %d | %s | `%s` | %s |\n"
                    .formatted(
                            code.number(),
                            code.sqlState(),
                            code.name(),
                            message.replace("|", "\\|").replace("<", "&lt;")));
        }
        return table.toString();
    }
}
