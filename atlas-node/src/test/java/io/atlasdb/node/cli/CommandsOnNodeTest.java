package io.atlasdb.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlasdb.node.server.RunningNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands that talk to a node, against a real one. */
@Timeout(60)
class CommandsOnNodeTest {
    @TempDir
    static Path directory;

    private static RunningNode node;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeAll
    static void start() {
        node = RunningNode.in(directory);
        CommandsOnNodeTest setUp = new CommandsOnNodeTest();
        assertThat(setUp.run("", "sql", node.url(), "-c", """
                CREATE TABLE shelf (id INTEGER PRIMARY KEY, name VARCHAR(20), price DECIMAL(6, 2));
                CREATE INDEX shelf_by_name ON shelf (name);
                INSERT INTO shelf VALUES (1, 'a,"b', 1.50), (2, NULL, NULL)""")).isEqualTo(Exit.OK);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private int run(String input, String... arguments) {
        return Main.run(
                new Console(
                        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8)),
                arguments);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            csv      | `ID,NAME,PRICE\\n1,"a,""b",1.50\\n2,,\\n`
            tsv      | `ID\\tNAME\\tPRICE\\n1\\ta,"b\\t1.50\\n2\\t\\\\N\\t\\\\N\\n`
            json     | `[\\n  {"ID": 1, "NAME": "a,\\\\"b", "PRICE": 1.50},\\n  {"ID": 2, "NAME": null, "PRICE": null}\\n]\\n`
            vertical | `-[ row 1 ]-\\nID    | 1\\nNAME  | a,"b\\nPRICE | 1.50\\n-[ row 2 ]-\\nID    | 2\\nNAME  | NULL\\nPRICE | NULL\\n(2 rows)\\n`
            """)
    void rowsInEveryFormat(String format, String expected) {
        assertThat(run("", "sql", node.url(), "--format", format, "-c", "SELECT * FROM shelf ORDER BY id"))
                .isEqualTo(Exit.OK);
        assertThat(out()).isEqualTo(expected.translateEscapes());
    }

    @Test
    void statementsComeFromAPipeAFileAndTheLine() throws IOException {
        String address = "127.0.0.1:" + node.port();
        assertThat(run("SELECT 1 AS x;\n\\x\nSELECT 2 AS x", "sql", address)).isEqualTo(Exit.OK);
        assertThat(out()).contains("| 1 |").endsWith("-[ row 1 ]-\nX | 2\n(1 row)\n");
        Path file = Files.writeString(directory.resolve("script.sql"), "-- nothing\nSELECT 3 AS y;\n");
        assertThat(run("", "sql", address, "-o", "csv", "-c", "SELECT 4 AS z; SELECT 5 AS z", "-f", file.toString()))
                .isEqualTo(Exit.OK);
        assertThat(out()).endsWith("Z\n4\nZ\n5\nY\n3\n");
    }

    @Test
    void listings() {
        assertThat(run("\\dt\n\\d shelf\n\\di shelf\n\\l\n", "sql", node.url(), "-o", "csv"))
                .isEqualTo(Exit.OK);
        assertThat(out())
                .contains("PUBLIC,SHELF,BASE TABLE\n")
                .doesNotContain("SYSTEM TABLE")
                .contains("PUBLIC,SHELF,PRICE,DECIMAL,6,2,YES,,NO\n")
                .contains("PUBLIC,SHELF,SHELF_BY_NAME,false,NAME,PUBLIC\n")
                .contains("INFORMATION_SCHEMA\n");
    }

    @Test
    void aScriptStopsAtItsFirstErrorAndNamesItsState() {
        assertThat(run("SELECT 1 AS x; SELECT * FROM shelve; SELECT 2 AS x;", "sql", node.url(), "-o", "csv"))
                .isEqualTo(Exit.FAILED);
        assertThat(out()).isEqualTo("X\n1\n");
        assertThat(err())
                .startsWith("atlas: table SHELVE does not exist")
                .contains("SHELF")
                .endsWith("[42P01]\n");
        assertThat(run("", "sql", node.url(), "-o", "json", "-c", "SELECT 1 / 0"))
                .isEqualTo(Exit.FAILED);
        assertThat(err()).contains("{\"error\": {\"sqlstate\": \"22012\", ");
    }

    @Test
    void anUnreachableNodeAndAWrongUrl() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        assertThat(run("", "sql", "127.0.0.1:" + free, "-c", "SELECT 1")).isEqualTo(Exit.CANNOT_CONNECT);
        assertThat(err()).contains("cannot connect to the node: 127.0.0.1:" + free);
        assertThat(run("", "sql", node.url("?usr=me"), "-c", "SELECT 1")).isEqualTo(Exit.USAGE);
        assertThat(err()).contains("user");
        assertThat(run("", "sql", "jdbc:other://x", "-c", "SELECT 1")).isEqualTo(Exit.USAGE);
    }

    @Test
    void theShellUnderstandsSqlAndBackslashes() throws Exception {
        Path history = directory.resolve("history");
        String typed = """
                SELECT id,
                  name FROM shelf
                  WHERE id = 2;
                \\d shelf
                SELECT 'a;b' AS semicolon;
                SELECT * FROM shelve;
                SELECT 'password' AS secret;
                \\x
                SELECT 7 AS seven;
                \\frob
                \\q
                SELECT 'never' AS never;
                """;
        int code = InteractiveSql.run(
                node.url(),
                new Properties(),
                Format.TABLE,
                new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)),
                out,
                history);
        assertThat(code).isEqualTo(Exit.OK);
        assertThat(out())
                .contains("Atlas ", "| 2  | NULL |", "| SHELF | PRICE  |", "| a;b       |", "(state=42P01")
                .contains("SEVEN  7", "Unknown command: frob")
                .doesNotContain("| never", "Exception", "sqlline version");
        assertThat(Files.readString(history)).contains("shelf").doesNotContain("password");
    }

    @Test
    void theShellCopiesWatchesAndHelps() throws Exception {
        Path file = directory.resolve("typed.csv");
        String typed = """
                \\?
                \\watch
                SELECT 40 + 2 AS answer;
                \\watch 0 3
                \\copy shelf (id, name) TO '%s'
                \\copy nosuch TO '%s'
                \\q
                """.formatted(file, file);
        int code = InteractiveSql.run(
                node.url(),
                new Properties(),
                Format.TABLE,
                new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)),
                out,
                directory.resolve("history2"));
        assertThat(code).isEqualTo(Exit.OK);
        assertThat(out())
                .contains("\\watch [seconds [times]]", "there is no statement before it", "2 rows copied")
                .contains("table NOSUCH does not exist")
                .doesNotContain("Exception", "Unknown command");
        assertThat(out().split("ANSWER", -1)).hasSize(5);
        assertThat(Files.readString(file)).isEqualTo("ID,NAME\n1,\"a,\"\"b\"\n2,\n");
    }

    @Test
    void copiesToAFileAndBack() throws IOException {
        Path file = directory.resolve("every type.csv");
        String table =
                " (id INT PRIMARY KEY, name VARCHAR(20), price DECIMAL(6, 2), day DATE, at TIMESTAMP, ok BOOLEAN,"
                        + " raw VARBINARY(4), u UUID, f DOUBLE)";
        assertThat(run(
                        "",
                        "sql",
                        node.url(),
                        "-c",
                        "CREATE TABLE src" + table + "; CREATE TABLE dst" + table + ";"
                                + "INSERT INTO src VALUES (1, '', 1.50, DATE '2024-02-29', TIMESTAMP '2024-02-29 23:59:59.123456',"
                                + " TRUE, X'00ff', '123e4567-e89b-12d3-a456-426614174000', 0.1),"
                                + " (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),"
                                + " (3, 'two\nlines, \"quoted\"', -1, NULL, NULL, FALSE, X'', NULL, -1e300)"))
                .isEqualTo(Exit.OK);
        assertThat(run("\\copy src TO '" + file + "'\n\\copy dst FROM '" + file + "'", "sql", node.url()))
                .isEqualTo(Exit.OK);
        assertThat(out()).contains("3 rows copied\n3 rows copied");
        out.reset();
        String difference = "SELECT COUNT(*) FROM (SELECT * FROM src EXCEPT SELECT * FROM dst)";
        assertThat(run("", "sql", node.url(), "-o", "csv", "-c", difference + "; SELECT COUNT(*) FROM dst"))
                .isEqualTo(Exit.OK);
        assertThat(out()).isEqualTo("COUNT\n0\nCOUNT\n3\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ID,NAME\\n7,x\\n8          | up to line 3: 1 fields, the first line has 2; 0 rows were loaded
            ID,NAME\\nx,y               | up to line 2
            ID,NOSUCH\\n1,y             | column NOSUCH does not exist
            ID,NAME\\n1,"y              | a quote is not closed
            ID,\\n1,y                   | the first line must name the columns
            """)
    void aBadFileSaysWhatIsWrong(String text, String message) throws IOException {
        Path file = directory.resolve("bad.csv");
        Files.writeString(file, text.replace("\\n", "\n"));
        assertThat(run("\\copy shelf FROM '" + file + "'", "sql", node.url())).isNotEqualTo(Exit.OK);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains(message).doesNotContain("\tat ");
    }

    @Test
    void watchesInAScript() {
        assertThat(run("SELECT 7 AS seven;\n\\watch 0 2\n", "sql", node.url(), "-o", "csv"))
                .isEqualTo(Exit.OK);
        assertThat(out()).isEqualTo("SEVEN\n7\nSEVEN\n7\nSEVEN\n7\n");
        assertThat(run("\\watch soon\n", "sql", node.url())).isNotEqualTo(Exit.OK);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("write \\watch [seconds [times]]");
    }

    @Test
    void theSocketShellAndSqlSeeOneAnother() {
        String socket = node.socket().toString();
        assertThat(run("KEY PUT tools.saw sharp\nKEY GET tools.saw\n", "shell", socket))
                .isEqualTo(Exit.OK);
        assertThat(run("", "sql", node.url(), "-o", "csv", "-c", "SELECT key, value FROM kv.\"TOOLS\""))
                .isEqualTo(Exit.OK);
        assertThat(out()).endsWith("OK\nKEY,VALUE\nSAW,7368617270\n");
        assertThat(run("", "status", socket)).isEqualTo(Exit.OK);
        assertThat(out()).contains("ACTIVE");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            in use        | another Atlas process uses this folder
            newer         | its format is 99
            a file        | the folder cannot be used
            port in use   | the node cannot start: cannot listen on 127.0.0.1
            """)
    void aNodeThatCannotStartSaysWhy(String fault, String message) throws IOException {
        Path folder = directory.resolve(fault.replace(' ', '-'));
        switch (fault) {
            case "in use" -> folder = directory.resolve("data");
            case "newer" -> Files.writeString(Files.createDirectories(folder).resolve("FORMAT"), "99\n");
            case "a file" -> Files.writeString(folder, "x");
            default -> Files.createDirectories(folder);
        }
        int port = fault.startsWith("port") ? node.port() : 0;
        String listen = "127.0.0.1:" + port;
        assertThat(run("", "start", "--log-level", "warn", "--db-path", folder.toString(), "--client-listen", listen))
                .isEqualTo(Exit.USAGE);
        assertThat(err()).startsWith("atlas: ").contains(message).doesNotContain("\tat ");
    }

    @Test
    void theDemoRunsStatementsAndLeavesNothing() {
        assertThat(run("", "demo", "-o", "csv", "-c", "SELECT COUNT(*) AS orders FROM orders"))
                .isEqualTo(Exit.OK);
        assertThat(out()).isEqualTo("ORDERS\n200\n");
        assertThat(run("SELECT name FROM products WHERE id = 1;", "demo", "-o", "csv"))
                .isEqualTo(Exit.OK);
        assertThat(out()).endsWith("NAME\nAtlas\n");
    }
}
