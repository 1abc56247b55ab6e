package io.atlasdb.node.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlasdb.proto.client.Execute;
import io.atlasdb.proto.client.Open;
import io.atlasdb.proto.client.Request;
import io.atlasdb.proto.client.Response;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The port and clients that are strange, broken, too large, too slow or too many. */
class ClientPortTest {
    private static final int MAGIC = 0x41544C53;

    private static ClientPortOptions hasty() {
        return new ClientPortOptions("127.0.0.1", 0, 50, 8, 1 << 20, 64L << 20, 200, 200, 300);
    }

    private static Socket socket(Server server) throws IOException {
        Socket socket = new Socket(java.net.InetAddress.getLoopbackAddress(), server.port.port());
        socket.setSoTimeout(10_000);
        return socket;
    }

    /** Reads until the server closes; fails by time-out when it does not. */
    private static byte[] toTheEnd(Socket socket) throws IOException {
        try {
            return socket.getInputStream().readAllBytes();
        } catch (java.net.SocketException e) {
            // A reset is an end, too.
            return new byte[0];
        }
    }

    private static void send(Socket socket, Request request) throws IOException {
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.writeInt(request.getSerializedSize());
        out.write(request.toByteArray());
        out.flush();
    }

    private static Response receive(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        return Response.parseFrom(in.readNBytes(in.readInt()));
    }

    private static Request open() {
        return Request.newBuilder()
                .setNumber(1)
                .setOpen(Open.newBuilder().setMagic(MAGIC).setVersion(1))
                .build();
    }

    private static Request execute(long number, String sql) {
        return Request.newBuilder()
                .setNumber(number)
                .setExecute(Execute.newBuilder().setSql(sql).setCursor((int) number))
                .build();
    }

    @Test
    void garbageIsClosedAndTheNodeStaysUp() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (Server server = new Server(hasty())) {
            for (int i = 0; i < 60; i++) {
                byte[] garbage = new byte[1 + random.nextInt(3000)];
                random.nextBytes(garbage);
                if (i % 3 == 0) {
                    garbage[0] = (byte) random.nextInt(5);
                } else if (i % 3 == 1) {
                    garbage[0] = (byte) ('A' + random.nextInt(26));
                }
                try (Socket socket = socket(server)) {
                    socket.getOutputStream().write(garbage);
                    // The seed is in the message when this hangs: the server has to end it by itself.
                    assertThat(toTheEnd(socket))
                            .as("seed %d, round %d", seed, i)
                            .isNotNull();
                } catch (java.net.SocketException e) {
                    // It was closed while we were still writing.
                    assertThat(server.port.connections()).isNotNegative();
                }
            }
            assertThat(server.connect().isValid(5)).isTrue();
        }
    }

    @Test
    void aStrangersFirstFrameMustOpen() throws Exception {
        try (Server server = new Server();
                Socket socket = socket(server);
                Socket wrongMagic = socket(server)) {
            send(socket, execute(1, "ROWS 1"));
            assertThat(receive(socket).getError().getSqlState()).isEqualTo("08P01");
            assertThat(toTheEnd(socket)).isEmpty();
            send(
                    wrongMagic,
                    Request.newBuilder()
                            .setOpen(Open.newBuilder().setVersion(1))
                            .build());
            assertThat(receive(wrongMagic).getError().getSqlState()).isEqualTo("08P01");
            assertThat(server.database.openSessions).hasValue(0);
        }
    }

    @Test
    void halfOpenConnectionsAreClosed() throws Exception {
        try (Server server = new Server(hasty());
                Socket silent = socket(server);
                Socket halfFrame = socket(server);
                Socket halfHttp = socket(server)) {
            halfFrame.getOutputStream().write(new byte[] {0, 0, 1});
            halfHttp.getOutputStream()
                    .write("POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n{".getBytes(StandardCharsets.US_ASCII));
            assertThat(toTheEnd(silent)).isEmpty();
            assertThat(toTheEnd(halfFrame)).isEmpty();
            assertThat(toTheEnd(halfHttp)).isEmpty();
            Server.await("all to be gone", () -> server.port.connections() == 0);
        }
    }

    @Test
    void anIdleFramedConnectionStaysAndAnIdleHttpSessionEnds() throws Exception {
        try (Server server =
                        new Server(new ClientPortOptions("127.0.0.1", 0, 50, 8, 1 << 20, 64L << 20, 200, 200, 1_500));
                Connection framed = server.connect();
                Connection http = server.connect("http");
                Connection stock = server.stock("protobuf")) {
            framed.setAutoCommit(false);
            framed.createStatement().executeUpdate("INSERT");
            http.setAutoCommit(false);
            http.createStatement().executeUpdate("INSERT");
            stock.setAutoCommit(false);
            stock.createStatement().executeUpdate("INSERT");
            Server.await("the silent ones to be closed", () -> server.database.openSessions.get() == 1);
            framed.commit();
            assertThat(server.database.committed).hasSize(1);
            assertThatThrownBy(() -> http.createStatement().executeUpdate("INSERT"))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("08006"));
            assertThatThrownBy(stock::commit).hasMessageContaining("the connection is closed");
            assertThat(server.database.committed).hasSize(1);
        }
    }

    @Test
    void aClientThatDoesNotReadIsClosedAndCostsLittle() throws Exception {
        try (Server server = new Server(hasty());
                Socket socket = socket(server)) {
            socket.setReceiveBufferSize(4096);
            send(socket, open());
            receive(socket);
            Thread writer = new Thread(() -> {
                try {
                    for (int i = 2; i < 2_000; i++) {
                        send(socket, execute(i, "ROWS 100000"));
                    }
                } catch (IOException e) {
                    // It is closed on us, as it should be.
                    return;
                }
            });
            writer.start();
            Server.await("the session to end", () -> server.database.openSessions.get() == 0);
            writer.join(10_000);
            // Of two million rows only those were made that the buffers of the two kernels have room for, and a few
            // more.
            assertThat(server.database.produced).hasValueLessThan(1_000_000);
            assertThat(server.database.openRows).hasValue(0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"framed", "http"})
    void aRequestThatIsTooLargeIsRefusedAndTheConnectionGoesOn(String transport) throws Exception {
        try (Server server = new Server();
                Connection c = server.connect(transport);
                PreparedStatement p = c.prepareStatement("INSERT ?")) {
            p.setString(1, "x".repeat(5 << 20));
            assertThatThrownBy(p::executeUpdate)
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("54000"));
            p.setString(1, "y");
            assertThat(p.executeUpdate()).isEqualTo(1);
            assertThat(server.database.committed).containsExactly("y");
        }
    }

    @Test
    void aRefusedRequestDoesNotHideTheOpenTransaction() throws Exception {
        Server server = new Server();
        Connection c = server.connect();
        PreparedStatement p = c.prepareStatement("INSERT ?");
        c.setAutoCommit(false);
        p.setString(1, "y");
        p.executeUpdate();
        p.setString(1, "x".repeat(5 << 20));
        assertThatThrownBy(p::executeUpdate).hasMessageContaining("too large");
        server.close();
        assertThatThrownBy(c::commit)
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("40003"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/atlas"})
    void aBodyThatIsTooLargeIsRefused(String path) throws Exception {
        try (Server server = new Server()) {
            HttpRequest request = HttpRequest.newBuilder(uri(server, path))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[5 << 20]))
                    .build();
            HttpResponse<String> response =
                    HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(413);
            assertThat(response.body()).contains("54000");
            assertThat(get(server, "/livez").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void healthStatusAndMetrics() throws Exception {
        try (Server server = new Server();
                Connection c = server.connect()) {
            c.createStatement().executeUpdate("INSERT");
            assertThat(get(server, "/livez").body()).isEqualTo("ok\n");
            assertThat(get(server, "/readyz").statusCode()).isEqualTo(200);
            assertThat(get(server, "/status").body()).isEqualTo("{\"node\":\"fake\"}");
            assertThat(get(server, "/metrics").body())
                    .contains("# TYPE atlas_client_request_seconds histogram\n")
                    .contains("atlas_client_request_seconds_count 1\n")
                    .contains("atlas_client_open_sessions 1.0\n");
            assertThat(get(server, "/nowhere").statusCode()).isEqualTo(404);
            server.ready = false;
            assertThat(get(server, "/readyz").statusCode()).isEqualTo(503);
        }
    }

    private static URI uri(Server server, String path) {
        return URI.create("http://127.0.0.1:" + server.port.port() + path);
    }

    private static HttpResponse<String> get(Server server, String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri(server, path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        try (Server server = new Server();
                Socket framed = socket(server);
                Socket http = socket(server)) {
            send(framed, open());
            for (int i = 2; i <= 100; i++) {
                send(framed, execute(i, i % 10 == 0 ? "NONSENSE" : "ROWS 3"));
            }
            for (int i = 1; i <= 100; i++) {
                assertThat(receive(framed).getNumber()).isEqualTo(i);
            }
            OutputStream out = http.getOutputStream();
            String two =
                    "GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\nGET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
            out.write(two.getBytes(StandardCharsets.US_ASCII));
            String answers = new String(http.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(answers).containsSubsequence("404 Not Found", "200 OK", "ok\n");
        }
    }

    @Test
    void aJsonMistakeIsAnErrorWithoutATrace() throws Exception {
        try (Server server = new Server()) {
            for (String body : List.of("{", "{\"request\":\"nonsense\"}", "{\"request\":\"commit\"}", "")) {
                HttpResponse<String> response = HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(uri(server, "/"))
                                        .POST(HttpRequest.BodyPublishers.ofString(body))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());
                assertThat(response.statusCode()).isEqualTo(500);
                assertThat(response.body()).doesNotContain("\\tat ", ".java:");
            }
        }
    }

    @Test
    void manyConnections() throws Exception {
        try (Server server =
                new Server(new ClientPortOptions("127.0.0.1", 0, 300, 8, 1 << 20, 64L << 20, 10_000, 10_000, 60_000))) {
            List<Connection> open = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                open.add(server.connect(i % 10 == 0 ? "http" : "framed"));
            }
            for (Connection c : open) {
                assertThat(c.createStatement().executeQuery("ROWS 1").next()).isTrue();
            }
            assertThatThrownBy(server::connect).hasMessageContaining("300");
            for (Connection c : open) {
                c.close();
            }
            Server.await("all sessions to end", () -> server.database.openSessions.get() == 0);
        }
    }

    @Test
    void aVanishedClientStopsItsStatement() throws Exception {
        try (Server server = new Server()) {
            Socket socket = socket(server);
            send(socket, open());
            receive(socket);
            send(socket, execute(2, "SLEEP"));
            Server.await("the statement to run", () -> server.database.sleeping.get() == 1);
            socket.close();
            Server.await("the session to end", () -> server.database.openSessions.get() == 0);
            assertThat(server.database.sleeping).hasValue(0);
        }
    }
}
