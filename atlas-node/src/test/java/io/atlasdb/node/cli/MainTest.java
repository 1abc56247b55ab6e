package io.atlasdb.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlasdb.node.socket.ClusterInfo;
import io.atlasdb.node.socket.CommandListener;
import io.atlasdb.node.socket.SocketOptions;
import io.atlasdb.node.socket.SocketServer;
import io.atlasdb.node.socket.StoreKeySpace;
import io.atlasdb.sql.access.Identities;
import io.atlasdb.sql.catalog.CatalogStore;
import io.atlasdb.sql.store.MemoryStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {
    private static final ClusterInfo.NodeStatus NODE =
            new ClusterInfo.NodeStatus(1, "local", true, 0, "localhost", 4444);

    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

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

    private SocketServer server(boolean active) throws IOException {
        ClusterInfo cluster = new ClusterInfo() {
            @Override
            public List<NodeStatus> nodes() {
                return List.of(NODE, new NodeStatus(2, "iad", active, 7, "iad.example", 4444));
            }

            @Override
            public Quorums quorums(long group) {
                return new Quorums(List.of(NODE), List.of(NODE));
            }

            @Override
            public OptionalLong ping(long id) {
                return OptionalLong.empty();
            }

            @Override
            public Optional<Arriving> arriving(long id) {
                return id == 2 ? Optional.of(new Arriving(3, 1 << 20, 1_024, 20_000)) : Optional.empty();
            }
        };
        return SocketServer.start(
                directory.resolve("s"),
                PosixFilePermissions.fromString("rw-------"),
                new StoreKeySpace(new MemoryStore(), new CatalogStore()),
                cluster,
                Identities.BY_NAME,
                CommandListener.NONE,
                SocketOptions.DEFAULT);
    }

    @Test
    void theShellReadsCommandsFromAPipe() throws IOException {
        try (SocketServer server = server(true)) {
            String input = "KEY PUT a.b hi\n\nKEY GET a.b\nSCAN a\n[ID:9] COUNT a\nQUIT\nKEY DEL a.b\n";
            assertThat(run(input, "shell", server.path().toString())).isEqualTo(Exit.OK);
            assertThat(out()).isEqualTo("OK\nVALUE:hi\nOK\nKEYS:1\nA.B\nOK\n[ID:9] COUNT 1\n[ID:9] OK\n");
            assertThat(run("KEY GET a.b\n", "shell", server.path().toString())).isEqualTo(Exit.OK);
            assertThat(out()).as("nothing after QUIT was run").endsWith("VALUE:hi\nOK\n");
        }
    }

    @Test
    void theShellTakesValuesFromFilesAndPutsThemThere() throws IOException {
        Path in = directory.resolve("in");
        Path out = directory.resolve("out");
        Files.write(in, new byte[] {0, 13, 10, -1, 'x'});
        try (SocketServer server = server(true)) {
            String commands = "KEY BLOB SET b.k @" + in + "\nKEY BLOB GET b.k @" + out
                    + "\nKEY PUT b.t hello\nKEY BLOB GET b.t\nKEY BLOB GET b.none\n";
            assertThat(run(commands, "shell", server.path().toString())).isEqualTo(Exit.OK);
            assertThat(out()).isEqualTo("OK\nOK\nOK\nBLOB 5\nhello\nOK\nEMPTY\nOK\n");
            assertThat(Files.readAllBytes(out)).isEqualTo(Files.readAllBytes(in));
            assertThat(run("KEY BLOB SET b.k 5\n", "shell", server.path().toString()))
                    .as("would wait for bytes that no line can hold")
                    .isNotEqualTo(Exit.OK);
        }
    }

    @Test
    void theShellTellsWarningsAndFatalErrorsApart() throws IOException {
        try (SocketServer server = server(true)) {
            assertThat(run("FROB\nCOUNT a\n", "shell", server.path().toString()))
                    .isEqualTo(Exit.FAILED);
            assertThat(out()).isEqualTo("ERROR WARN command expected, got FROB\nCOUNT 0\nOK\n");
            assertThat(run(
                            "KEY BLOB SET k 999999999\nCOUNT a\n",
                            "shell",
                            server.path().toString()))
                    .isEqualTo(Exit.INTERNAL);
            assertThat(out()).endsWith("ERROR FATAL command exceeded maximum length\n");
        }
    }

    @Test
    void statusShowsNodesAndTellsByItsCodeWhetherAllAreWell() throws IOException {
        try (SocketServer server = server(true)) {
            assertThat(run("", "status", "-o", "csv", server.path().toString())).isEqualTo(Exit.OK);
            assertThat(out()).isEqualTo("""
                            id,region,status,rtt_ms,addr,port,snapshots
                            1,local,ACTIVE,0,localhost,4444,""
                            2,iad,ACTIVE,7,iad.example,4444,"3 groups, 1024 of 20000 rows"
                            """);
        }
        try (SocketServer server = server(false)) {
            assertThat(run("", "status", server.path().toString())).isEqualTo(Exit.UNHEALTHY);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            frob                                | 2 | frob
            config check --region a/b           | 2 | region (--region)
            config check --auth-mode x          | 2 | none, password
            config check --tls-key x            | 2 | given together
            config check --config /none.conf    | 2 | no such file
            start --client-listen 1             | 2 | write host:port
            shell /none/such.sock               | 3 | cannot connect to /none/such.sock
            status /none/such.sock              | 3 | cannot connect to /none/such.sock
            bench frob                          | 2 | there is no benchmark frob
            sql --format frob                   | 2 | frob
            """)
    void anErrorOfTheUserIsALineAndACode(String line, int code, String message) {
        assertThat(run("", line.split(" ", -1))).isEqualTo(code);
        assertThat(err()).startsWith("atlas: ").contains(message).doesNotContain("\tat ", "Exception");
        assertThat(out()).isEmpty();
    }

    @Test
    void anErrorIsAnObjectWhenJsonWasAskedFor() {
        assertThat(run("", "status", "-o", "json", "/none/such.sock")).isEqualTo(Exit.CANNOT_CONNECT);
        assertThat(err()).startsWith("{\"error\": {\"sqlstate\": \"08001\", \"message\": \"cannot connect to");
    }

    @Test
    void configShowPrintsEveryKeyWithItsOrigin() throws IOException {
        Path file = Files.writeString(directory.resolve("atlas.conf"), "region = here\n");
        assertThat(run("", "config", "show", "--config", file.toString(), "--max-cache-size", "1G"))
                .isEqualTo(Exit.OK);
        assertThat(out())
                .contains("region = \"here\"   # atlas.conf:1\n")
                .contains("max_cache_size = \"1G\"   # --max-cache-size\n")
                .contains("auth.mode = \"auto\"   # default\n");
    }

    @Test
    void versionIsTheBuilds() {
        assertThat(run("", "version")).isEqualTo(Exit.OK);
        assertThat(out()).matches("Atlas \\d+\\.\\d+\\.\\d+\\S*, Java .*\n");
    }
}
