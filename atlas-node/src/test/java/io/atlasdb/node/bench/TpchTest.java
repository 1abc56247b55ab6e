package io.atlasdb.node.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers to TPC-H at scale 0.01 are H2's on the same rows, from a node with a heap of 512 MiB. */
class TpchTest {
    private static final double SCALE = 0.01;
    private static final PrintStream NOWHERE =
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);

    @TempDir
    private static Path folder;

    private static NodeProcess node;
    private static Connection atlas;
    private static Connection h2;

    @BeforeAll
    static void load() throws IOException, SQLException {
        node = NodeProcess.start(folder, 512);
        atlas = DriverManager.getConnection(node.url());
        h2 = DriverManager.getConnection("jdbc:h2:mem:tpch");
        assertThat(TpchLoader.load(atlas, SCALE, NOWHERE)).isEqualTo(TpchLoader.load(h2, SCALE, NOWHERE));
    }

    @AfterAll
    static void close() throws SQLException {
        h2.close();
        atlas.close();
        node.close();
    }

    static List<TpchQuery> queries() {
        return TpchQuery.all();
    }

    @ParameterizedTest
    @MethodSource("queries")
    void answersAreThoseOfH2(TpchQuery query) throws SQLException, IOException {
        List<List<Object>> wanted = run(h2, query.number() == 19 ? factoredForH2() : query.sql());
        assertThat(wanted).isNotEmpty();
        assertThat(RowComparison.difference(run(atlas, query.sql()), wanted)).isEmpty();
    }

    /** The same query with the condition that its alternatives share before them: H2 pairs all rows otherwise, for a minute. */
    private static String factoredForH2() throws IOException {
        try (InputStream in = TpchTest.class.getResourceAsStream("h2-q19.sql")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static List<List<Object>> run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            return RowComparison.rows(result);
        }
    }
}
