package io.atlasdb.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What users and strangers send by mistake or malice: a clear error each time, and a node that lives on. */
@Timeout(60)
class BadInputTest {
    private static TestNode node;

    @BeforeAll
    static void start() throws SQLException {
        node = TestNode.start();
        try (Connection c = node.connect();
                Statement s = c.createStatement()) {
            s.execute("CREATE TABLE product (id INTEGER PRIMARY KEY, name VARCHAR(5) NOT NULL, price DECIMAL(5, 2),"
                    + " CONSTRAINT positive CHECK (price > 0))");
            s.execute("INSERT INTO product VALUES (1, 'saw', 9.50)");
            s.execute("CREATE TABLE big (id INTEGER PRIMARY KEY, body VARCHAR)");
        }
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @AfterEach
    void theNodeAnswers() throws SQLException {
        try (Connection c = node.connect();
                ResultSet r = c.createStatement().executeQuery("SELECT name FROM product WHERE id = 1")) {
            assertThat(r.next()).isTrue();
            assertThat(r.getString(1)).isEqualTo("saw");
        }
    }

    private static SQLException failure(Connection c, String sql) {
        Throwable thrown = catchThrowable(() -> {
            try (Statement s = c.createStatement()) {
                if (s.execute(sql)) {
                    try (ResultSet r = s.getResultSet()) {
                        while (r.next()) {
                            r.getObject(1);
                        }
                    }
                }
            }
        });
        assertThat(thrown)
                .as("%s", sql.length() < 1_000 ? sql : "a long statement")
                .isInstanceOf(SQLException.class);
        return (SQLException) thrown;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            42601 | line 1              | SELECT FROM WHERE
            42601 | line 1              | SELECT 'open
            42601 |                     | ~~~
            42P01 | PRODUCT             | SELECT * FROM produkt
            42P01 | PRODUCT             | INSERT INTO prodct VALUES (1)
            42P01 | PRODUCT             | UPDATE produc SET id = 1
            42703 | PRICE               | SELECT prize FROM product
            42703 | NAME                | INSERT INTO product (id, nam) VALUES (2, 'x')
            42703 | NAME                | UPDATE product SET nme = 'x'
            42883 | UPPER               | SELECT upperr(name) FROM product
            3F000 | PUBLIK              | SELECT * FROM publik.product
            42804 |                     | SELECT name + TRUE FROM product
            22P02 | many                | SELECT CAST('many' AS INTEGER)
            22003 | out of range        | SELECT id + 2147483647 FROM product
            22003 | out of range        | INSERT INTO product VALUES (99999999999, 'x', 1)
            22003 | out of range        | INSERT INTO product VALUES (2, 'x', 99999.99)
            22012 | division by zero    | SELECT id / 0 FROM product
            22012 | division by zero    | SELECT id / (id - 1) FROM product
            22012 | division by zero    | SELECT MOD(id, id - 1) FROM product
            23505 | PRODUCT_PKEY        | INSERT INTO product VALUES (1, 'dup', 1)
            23502 | NAME                | INSERT INTO product (id) VALUES (2)
            23502 | NAME                | UPDATE product SET name = NULL
            23502 | ID                  | INSERT INTO product VALUES (NULL, 'x', 1)
            23514 | POSITIVE            | INSERT INTO product VALUES (2, 'x', -1)
            23514 | POSITIVE            | UPDATE product SET price = 0
            22001 | VARCHAR(5)          | INSERT INTO product VALUES (2, 'hammer', 1)
            22001 | VARCHAR(5)          | UPDATE product SET name = 'hammer'
            21000 |                     | SELECT (SELECT n FROM (VALUES (1), (2)) AS t(n))
            42803 |                     | SELECT name, COUNT(*) FROM product
            42P07 | PRODUCT             | CREATE TABLE product (id INTEGER)
            42701 | A                   | CREATE TABLE twice (a INTEGER, a INTEGER)
            42704 |                     | SET nonsense = 1
            53200 | memory budget       | SELECT COUNT(*) FROM (SELECT a.*, b.table_name x, c.data_type y, d.data_type z FROM information_schema.columns a, information_schema.columns b, information_schema.columns c, information_schema.columns d ORDER BY 3, 5) q
            """)
    void aStatementInError(String state, String part, String sql) throws SQLException {
        try (Connection c = node.connect()) {
            SQLException e = failure(c, sql);
            assertThat(e.getSQLState()).as(e.getMessage()).isEqualTo(state);
            assertThat(e.getMessage()).contains(part == null ? "" : part).doesNotContain("Exception", "calcite");
            assertThat(c.isValid(5)).isTrue();
        }
    }

    @Test
    void aWrongNumberOfParameters() throws Exception {
        try (Connection c = node.connect()) {
            assertThat(failure(c, "SELECT * FROM product WHERE id = ?").getSQLState())
                    .isEqualTo("07001");
        }
        String stock = "jdbc:avatica:remote:url=http://127.0.0.1:" + node.node().clientPort() + ";serialization=json";
        try (Connection c = DriverManager.getConnection(stock)) {
            assertThat(failure(c, "SELECT * FROM product WHERE id = ?").getSQLState())
                    .isEqualTo("07001");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"framed", "http"})
    void aStatementOfTwoHundredMegabytes(String transport) throws SQLException {
        String url = node.url("?transport=" + transport);
        try (Connection c = DriverManager.getConnection(url)) {
            String huge = "SELECT '" + "x".repeat(Integer.getInteger("atlas.test.huge", 200 << 20)) + "'";
            assertThat(failure(c, huge).getSQLState()).isEqualTo("54000");
            assertThat(c.isValid(5)).isTrue();
        }
    }

    @Test
    void aTextThatTheParserWouldChokeOn() throws SQLException {
        try (Connection c = node.connect()) {
            assertThat(failure(c, "SELECT '" + "x".repeat(20 << 20) + "'").getSQLState())
                    .isEqualTo("54000");
            assertThat(failure(c, "SELECT " + "(".repeat(50_000) + "1" + ")".repeat(50_000))
                            .getSQLState())
                    .isEqualTo("54000");
            assertThat(failure(c, "SELECT 1" + " + 1".repeat(100_000)).getSQLState())
                    .isEqualTo("54000");
        }
    }

    @Test
    void aTransactionThatIsTooLarge() throws SQLException {
        try (Connection c = node.connect();
                PreparedStatement p = c.prepareStatement("INSERT INTO big VALUES (?, ?)")) {
            c.setAutoCommit(false);
            String body = "x".repeat(8 << 20);
            Throwable thrown = catchThrowable(() -> {
                for (int i = 0; i < 9; i++) {
                    p.setInt(1, i);
                    p.setString(2, body);
                    p.executeUpdate();
                }
                c.commit();
            });
            assertThat(thrown).isInstanceOf(SQLException.class);
            assertThat(((SQLException) thrown).getSQLState()).isEqualTo("54000");
            c.rollback();
            c.setAutoCommit(true);
            p.setInt(1, 1);
            p.setString(2, "x".repeat(17 << 20));
            assertThat(((SQLException) catchThrowable(p::executeUpdate)).getSQLState())
                    .isEqualTo("54000");
            try (ResultSet r = c.createStatement().executeQuery("SELECT COUNT(*) FROM big")) {
                assertThat(r.next()).isTrue();
                assertThat(r.getLong(1)).isZero();
            }
        }
    }

    @Test
    void anUnknownPropertyNamesTheNearest() {
        SQLException e = (SQLException) catchThrowable(() -> DriverManager.getConnection(node.url("?fetchsiz=1")));
        assertThat(e.getSQLState()).isEqualTo("22023");
        assertThat(e.getMessage()).contains("fetchSize");
    }

    @Test
    void garbageOnTheClientPort() throws IOException {
        Random random = new Random(7);
        byte[] noise = new byte[64 << 10];
        List<byte[]> inputs = new ArrayList<>();
        inputs.add("GET / HTTP/1.1\r\nbroken\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        inputs.add("POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n{\"x\": 1}}".getBytes(StandardCharsets.US_ASCII));
        inputs.add(new byte[] {0, 0, 0, 4, -1, -1, -1, -1});
        inputs.add(new byte[] {4, 0, 0, 0, 1, 2, 3});
        for (int i = 0; i < 20; i++) {
            random.nextBytes(noise);
            inputs.add(noise.clone());
        }
        for (byte[] input : inputs) {
            try (Socket socket = new Socket("127.0.0.1", node.node().clientPort())) {
                socket.setSoTimeout(20_000);
                OutputStream out = socket.getOutputStream();
                InputStream in = socket.getInputStream();
                try {
                    out.write(input);
                    socket.shutdownOutput();
                    String answer = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
                    assertThat(answer).doesNotContain("\tat ", "Exception");
                } catch (java.net.SocketException e) {
                    // Reset: the node closed without reading all of it.
                    assertThat(e).hasMessageNotContaining("timed out");
                }
            }
        }
    }

    @Test
    void halfOpenConnectionsKeepNobodyOut() throws IOException, SQLException {
        List<Socket> open = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                Socket socket = new Socket("127.0.0.1", node.node().clientPort());
                open.add(socket);
                if (i % 2 == 0) {
                    socket.getOutputStream().write(i % 4 == 0 ? new byte[] {0, 0} : new byte[] {'P', 'O'});
                }
            }
            theNodeAnswers();
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    @Test
    void garbageOnTheSocket() throws IOException {
        Random random = new Random(8);
        byte[] noise = new byte[64 << 10];
        for (int i = 0; i < 20; i++) {
            random.nextBytes(noise);
            try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                channel.connect(UnixDomainSocketAddress.of(node.node().socketPath()));
                ByteBuffer out = ByteBuffer.wrap(noise);
                if (i % 2 == 0) {
                    channel.write(ByteBuffer.wrap("HELLO 1.0 x\r\n".getBytes(StandardCharsets.US_ASCII)));
                }
                try {
                    while (out.hasRemaining()) {
                        channel.write(out);
                    }
                    channel.shutdownOutput();
                    ByteBuffer in = ByteBuffer.allocate(64 << 10);
                    while (channel.read(in.clear()) >= 0) {
                        assertThat(new String(in.array(), 0, in.position(), StandardCharsets.ISO_8859_1))
                                .doesNotContain("\tat ");
                    }
                } catch (IOException e) {
                    assertThat(e).as("closed with input unread").hasMessageMatching(".*(reset|Broken pipe).*");
                }
            }
        }
    }
}
