package io.atlasdb.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS on the client port: what comes in, and what learns nothing. */
@Timeout(120)
class ClientTlsTest {
    private static final String PASSWORD = "correct horse battery";
    private static final Map<String, String> SETTINGS =
            Map.of("client_tls.mode", "own", "auth.mode", "password", "auth.first_password", PASSWORD);

    @TempDir
    Path folder;

    private static int one(String url) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, "admin", PASSWORD);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT 1")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"framed", "http"})
    void onlyWhoTrustsTheAuthorityAndKnowsThePasswordReads(String transport) throws Exception {
        Path other = Files.createDirectories(folder.resolve("other"));
        try (RunningNode node = RunningNode.in(folder.resolve("node"), SETTINGS);
                RunningNode stranger = RunningNode.in(other, SETTINGS)) {
            String authority = folder.resolve("node/data/tls/authority.pem").toString();
            String wrong = other.resolve("data/tls/authority.pem").toString();
            String url = node.url("?transport=" + transport);
            assertThat(one(url + "&rootCert=" + authority)).isEqualTo(1);
            assertThat(one(url + "&sslMode=verify-ca&rootCert=" + authority)).isEqualTo(1);
            String byName = url.replace("127.0.0.1", "localhost");
            assertThat(one(byName + "&rootCert=" + authority)).isEqualTo(1);

            assertThatThrownBy(() -> one(url + "&rootCert=" + wrong))
                    .hasMessageContaining("TLS failed")
                    .hasFieldOrPropertyWithValue("SQLState", "08001");
            assertThatThrownBy(() -> one(url + "&sslMode=verify-full")).hasMessageContaining("TLS failed");
            assertThatThrownBy(() -> one(url)).hasMessageContaining("speaks TLS only");
            assertThatThrownBy(() -> one(url + "&rootCert=/none/such.pem"))
                    .hasFieldOrPropertyWithValue("SQLState", "22023");
            assertThatThrownBy(() -> DriverManager.getConnection(url + "&rootCert=" + authority))
                    .hasFieldOrPropertyWithValue("SQLState", "28000");
            assertThatThrownBy(() -> DriverManager.getConnection(url + "&rootCert=" + authority, "admin", "wrong"))
                    .hasFieldOrPropertyWithValue("SQLState", "28000");
            assertThat(stranger.port()).isNotEqualTo(node.port());
        }
    }

    @Test
    void aClientOfTlsLearnsThatThePortIsPlain() throws Exception {
        try (RunningNode node = RunningNode.in(folder)) {
            for (String transport : new String[] {"framed", "http"}) {
                assertThatThrownBy(() ->
                                DriverManager.getConnection(node.url("?sslMode=verify-ca&transport=" + transport)))
                        .hasMessageContaining("does not speak TLS");
            }
        }
    }

    @Test
    void plainHttpOnTlsIsToldSoAndNothingElse() throws Exception {
        try (RunningNode node = RunningNode.in(folder, SETTINGS)) {
            for (String path : new String[] {"/livez", "/metrics", "/status"}) {
                try (Socket socket = new Socket("127.0.0.1", node.port())) {
                    socket.setSoTimeout(10_000);
                    socket.getOutputStream()
                            .write(("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
                    InputStream in = socket.getInputStream();
                    assertThat(new String(in.readAllBytes(), StandardCharsets.US_ASCII))
                            .startsWith("HTTP/1.1 400 ")
                            .contains("this port speaks TLS only");
                }
            }
        }
    }

    @Test
    void theKeyIsForThisUserOnly() throws Exception {
        try (RunningNode node = RunningNode.in(folder, SETTINGS)) {
            assertThat(node.port()).isPositive();
            assertThat(java.nio.file.attribute.PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(folder.resolve("data/tls/authority-key.pem"))))
                    .isEqualTo("rw-------");
        }
    }
}
