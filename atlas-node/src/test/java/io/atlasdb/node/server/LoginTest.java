package io.atlasdb.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who comes in by the client port, in each way that there is. */
@Timeout(120)
class LoginTest {
    private static final String PASSWORD = "correct horse, = battery";
    private static final Map<String, String> PASSWORDS =
            Map.of("auth.mode", "password", "auth.first_password", PASSWORD);

    @TempDir
    Path folder;

    private static Connection connect(RunningNode node, String transport, String user, String password)
            throws SQLException {
        java.util.Properties properties = new java.util.Properties();
        properties.put("transport", transport);
        if (user != null) {
            properties.put("user", user);
        }
        if (password != null) {
            properties.put("password", password);
        }
        return DriverManager.getConnection(node.url(), properties);
    }

    private static String user(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT CURRENT_USER")) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static void run(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"framed", "http"})
    void wherePasswordsAreAskedForNothingElseComesIn(String transport) throws Exception {
        try (RunningNode node = RunningNode.in(folder, PASSWORDS)) {
            for (String[] wrong : new String[][] {
                {null, null}, {"admin", null}, {"admin", "wrong"}, {"nobody-here", PASSWORD}, {"ADMIN", PASSWORD}
            }) {
                assertThatThrownBy(() -> connect(node, transport, wrong[0], wrong[1]))
                        .as("%s, %s", wrong[0], wrong[1])
                        .isInstanceOf(SQLException.class)
                        .hasFieldOrPropertyWithValue("SQLState", "28000")
                        .hasMessageNotContaining(PASSWORD);
            }
            try (Connection admin = connect(node, transport, "admin", PASSWORD)) {
                assertThat(user(admin)).isEqualTo("admin");
                run(admin, "CREATE TABLE t (id INT PRIMARY KEY)", "CREATE USER bob PASSWORD 'bobs secret'");
                try (Connection bob = connect(node, transport, "bob", "bobs secret")) {
                    assertThatThrownBy(() -> run(bob, "CREATE USER eve PASSWORD 'x'"))
                            .hasFieldOrPropertyWithValue("SQLState", "42501");
                    assertThatThrownBy(() -> run(bob, "ALTER USER bob ADMIN"))
                            .hasFieldOrPropertyWithValue("SQLState", "42501");
                    run(bob, "ALTER USER bob PASSWORD 'bobs other secret'");
                    assertThatThrownBy(() -> connect(node, transport, "bob", "bobs secret"))
                            .hasFieldOrPropertyWithValue("SQLState", "28000");
                    run(admin, "DROP USER bob");
                    // The session that stands loses its user with the next statement.
                    assertThatThrownBy(() -> run(bob, "SELECT * FROM t"))
                            .hasFieldOrPropertyWithValue("SQLState", "28000");
                }
            }
        }
    }

    @Test
    void unknownUsersAndWrongPasswordsGetTheSameAnswer() throws Exception {
        try (RunningNode node = RunningNode.in(folder, PASSWORDS)) {
            String wrong = message(node, "admin", "x");
            assertThat(message(node, "nobody-here", "x")).isEqualTo(wrong).contains("wrong user or password");
        }
    }

    private static String message(RunningNode node, String user, String password) {
        try (Connection connection = connect(node, "framed", user, password)) {
            throw new AssertionError("came in as " + user + ": " + connection);
        } catch (SQLException e) {
            return e.getMessage();
        }
    }

    @Test
    void whoFailsTooOftenWaits() throws Exception {
        try (RunningNode node = RunningNode.in(folder, PASSWORDS)) {
            for (int i = 0; i < 10; i++) {
                assertThat(message(node, "admin", "guess " + i)).contains("wrong user or password");
            }
            assertThat(message(node, "admin", PASSWORD)).contains("too many failures");
            assertThat(node.node().metrics().prometheus()).contains("atlas_auth_failures_total 10\n");
        }
    }

    @Test
    void onLoopbackEverybodyIsNobodyUnlessTheyLogIn() throws Exception {
        try (RunningNode node = RunningNode.in(folder)) {
            try (Connection nobody = connect(node, "framed", "alice", null)) {
                assertThat(user(nobody)).isEmpty();
                run(nobody, "CREATE USER alice PASSWORD 'secret of alice'");
                assertThatThrownBy(() -> run(nobody, "CREATE USER bob PASSWORD 'x'"))
                        .hasFieldOrPropertyWithValue("SQLState", "42501");
            }
            try (Connection alice = connect(node, "http", "alice", "secret of alice")) {
                assertThat(user(alice)).isEqualTo("alice");
                run(alice, "CREATE USER bob PASSWORD 'x'", "CREATE ROLE readers");
            }
            assertThatThrownBy(() -> connect(node, "framed", "alice", "wrong"))
                    .hasFieldOrPropertyWithValue("SQLState", "28000");
            node.restart();
            try (Connection alice = connect(node, "framed", "alice", "secret of alice");
                    Statement statement = alice.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT * FROM atlas.users ORDER BY user_name")) {
                StringBuilder all = new StringBuilder();
                while (rows.next()) {
                    all.append(rows.getString(1)).append(rows.getBoolean(3) ? " admin, " : ", ");
                    for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                        assertThat(String.valueOf(rows.getObject(i))).doesNotContain("SCRAM");
                    }
                }
                assertThat(all.toString()).isEqualTo("alice admin, bob, readers, ");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"protobuf", "json"})
    void stockAvaticaClients(String serialization) throws Exception {
        try (RunningNode node = RunningNode.in(folder, PASSWORDS)) {
            String url = "jdbc:avatica:remote:url=http://127.0.0.1:" + node.port() + ";serialization=" + serialization;
            String basic = ";authentication=BASIC;avatica_user=admin;avatica_password=";
            try (Connection byHeader = DriverManager.getConnection(url + basic + PASSWORD)) {
                assertThat(user(byHeader)).isEqualTo("admin");
            }
            try (Connection byInfo = DriverManager.getConnection(url, "admin", PASSWORD)) {
                assertThat(user(byInfo)).isEqualTo("admin");
            }
            assertThatThrownBy(() -> user(DriverManager.getConnection(url))).isInstanceOf(Exception.class);
            assertThatThrownBy(() -> user(DriverManager.getConnection(url + basic + "wrong")))
                    .isInstanceOf(Exception.class);
            assertThatThrownBy(() -> user(DriverManager.getConnection(url, "admin", "wrong")))
                    .isInstanceOf(Exception.class);
        }
    }

    @Test
    void statusAndMetricsAreForThoseWhoMayComeIn() throws Exception {
        try (RunningNode node = RunningNode.in(folder, PASSWORDS)) {
            assertThat(get(node, "/livez", "").statusCode()).isEqualTo(200);
            assertThat(get(node, "/readyz", "").statusCode()).isEqualTo(200);
            for (String path : List.of("/status", "/metrics", "/elsewhere")) {
                HttpResponse<String> refused = get(node, path, "");
                assertThat(refused.statusCode()).as(path).isEqualTo(401);
                assertThat(refused.headers().firstValue("www-authenticate").orElse(""))
                        .startsWith("Basic");
                assertThat(refused.body()).doesNotContain("atlas_").doesNotContain("node");
                assertThat(get(node, path, basic("admin", "wrong")).statusCode())
                        .isEqualTo(401);
                assertThat(get(node, path, "Bearer x").statusCode()).isEqualTo(401);
                assertThat(get(node, path, "Basic %%%").statusCode()).isEqualTo(401);
            }
            assertThat(get(node, "/metrics", basic("admin", PASSWORD)).body()).contains("atlas_auth_logins_total");
            assertThat(get(node, "/status", basic("admin", PASSWORD)).body()).contains("\"state\"");
        }
    }

    private static String basic(String user, String password) {
        return "Basic "
                + Base64.getEncoder()
                        .encodeToString((user + ":" + password).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static HttpResponse<String> get(RunningNode node, String path, String authorization) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + path));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void passwordsStandNowhere() throws Exception {
        try (RunningNode node = RunningNode.in(folder, PASSWORDS);
                Connection admin = connect(node, "framed", "admin", PASSWORD)) {
            run(admin, "CREATE USER bob PASSWORD 'hunter2-hunter2'");
            assertThatThrownBy(() -> run(admin, "CREATE USER eve PASSWORD 'hunter2-hunter2' 'hunter2-hunter2' 1"))
                    .hasMessageNotContaining("hunter2");
            try (Statement statement = admin.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT statement FROM atlas.sessions")) {
                while (rows.next()) {
                    assertThat(rows.getString(1)).doesNotContain("hunter2").doesNotContain(PASSWORD);
                }
            }
            assertThat(node.node().metrics().prometheus())
                    .doesNotContain("hunter2")
                    .doesNotContain(PASSWORD);
        }
    }
}
