package io.atlasdb.node.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.atlasdb.proto.client.Open;
import io.atlasdb.proto.client.Request;
import io.atlasdb.proto.client.Response;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests of all connections share one bound of memory. */
@Timeout(120)
class RequestBudgetTest {
    private static final int MAGIC = 0x41544C53;
    private static final int REQUEST_BYTES_MAX = 1 << 20;
    private static final int TOGETHER_BYTES_MAX = 2 << 20;
    private static final int PART_BYTES = 900 << 10;
    /** More than two parts leave free, less than one request may have. */
    private static final String LARGE = "MANY " + "x".repeat(400 << 10);

    private static ClientPortOptions options() {
        return new ClientPortOptions(
                "127.0.0.1", 0, 50, 8, REQUEST_BYTES_MAX, TOGETHER_BYTES_MAX, 60_000, 60_000, 60_000);
    }

    @Test
    void takesAndGivesBack() {
        RequestBudget budget = new RequestBudget(100);
        assertThat(budget.take(60)).isTrue();
        assertThat(budget.take(41)).isFalse();
        assertThat(budget.usedBytes()).isEqualTo(60);
        assertThat(budget.take(40)).isTrue();
        budget.give(100);
        assertThat(budget.usedBytes()).isZero();
    }

    /** Round after round, so that memory which is not given back would be missed. */
    @ParameterizedTest
    @ValueSource(strings = {"framed", "http"})
    void refusesWhatWouldFillTheMemoryAndGoesOn(String transport) throws Exception {
        try (Server server = new Server(options());
                Connection connection = server.connect(transport)) {
            for (int round = 0; round < 4; round++) {
                SQLException refused = null;
                for (int i = 0; i < 10 && refused == null; i++) {
                    refused = filled(server, connection, round % 2 == 0);
                }
                assertThat(refused == null ? "never refused" : refused.getMessage())
                        .contains("busy");
                untilTaken(connection);
            }
        }
    }

    /**
     * The refusal of a request while two others fill the memory; null when it was one of those that was refused, since the
     * request was there first.
     */
    private static @Nullable SQLException filled(Server server, Connection connection, boolean http)
            throws IOException {
        try (Socket first = framedPart(server);
                Socket second = http ? httpPart(server) : framedPart(server)) {
            return first.isConnected() && second.isConnected() ? untilRefused(connection) : null;
        }
    }

    private static void run(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(LARGE);
        }
    }

    /** The parts arrive some time after they were sent. */
    private static @Nullable SQLException untilRefused(Connection connection) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
        while (System.nanoTime() < deadline) {
            SQLException error = catchThrowableOfType(SQLException.class, () -> run(connection));
            if (error != null && error.getSQLState().equals("53000")) {
                return error;
            }
        }
        return null;
    }

    /** The server notices some time later that the others are gone. */
    private static void untilTaken(Connection connection) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (System.nanoTime() < deadline) {
            SQLException error = catchThrowableOfType(SQLException.class, () -> run(connection));
            if (error == null || !error.getSQLState().equals("53000")) {
                return;
            }
        }
        throw new AssertionError("the memory was not given back");
    }

    /** A connection that has sent most of a request. */
    private static Socket framedPart(Server server) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port.port());
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        Request open = Request.newBuilder()
                .setNumber(1)
                .setOpen(Open.newBuilder().setMagic(MAGIC).setVersion(1))
                .build();
        out.writeInt(open.getSerializedSize());
        out.write(open.toByteArray());
        DataInputStream in = new DataInputStream(socket.getInputStream());
        assertThat(Response.parseFrom(in.readNBytes(in.readInt())).hasOpened()).isTrue();
        out.writeInt(PART_BYTES + 1);
        out.write(new byte[PART_BYTES]);
        out.flush();
        return socket;
    }

    private static Socket httpPart(Server server) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port.port());
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        String head = "POST /atlas HTTP/1.1\r\nHost: x\r\nContent-Length: " + (PART_BYTES + 1) + "\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        out.write(new byte[PART_BYTES]);
        out.flush();
        return socket;
    }
}
