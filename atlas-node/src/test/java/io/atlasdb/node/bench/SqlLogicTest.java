package io.atlasdb.node.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import net.hydromatic.sqllogictest.ISqlTestOperation;
import net.hydromatic.sqllogictest.OptionsParser;
import net.hydromatic.sqllogictest.OptionsParser.SuppliedOptions;
import net.hydromatic.sqllogictest.SltTestFile;
import net.hydromatic.sqllogictest.TestStatistics;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * SQLite's sql-logic-test through JDBC, on a running node and on H2 beside it. By default the beginning of one file; all of
 * the files that {@code -Datlas.slt=select1,select2,select3} names with the profile {@code slt}.
 */
class SqlLogicTest {
    private static final String FILES = "atlas.slt";
    private static final int EXCERPT_OPERATIONS = 80;

    @TempDir
    private static Path folder;

    private static NodeProcess node;

    @BeforeAll
    static void start() throws IOException {
        node = NodeProcess.start(folder, 512);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    static List<String> files() {
        return List.of(System.getProperty(FILES, "select1").split(",", -1));
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyAnswerIsTheExpectedOne(String file) throws IOException, SQLException {
        String h2 = "jdbc:h2:mem:" + file;
        TestStatistics oracle = run("H2", file, h2);
        TestStatistics atlas = run("Atlas", file, node.url());
        assertThat(oracle.getPassedTestCount()).isPositive();
        assertThat(atlas.getFailedTestCount()).isZero();
        assertThat(atlas.getParseFailureCount()).isZero();
        assertThat(atlas.getPassedTestCount()).isEqualTo(oracle.totalTests());
    }

    private static TestStatistics run(String system, String file, String url) throws IOException, SQLException {
        PrintStream out = System.out;
        SuppliedOptions options = new OptionsParser(false, out, out).getOptions();
        SltTestFile test = new SltTestFile("test/" + file + ".test");
        test.parse(options);
        List<ISqlTestOperation> operations = test.fileContents;
        if (System.getProperty(FILES) == null && operations.size() > EXCERPT_OPERATIONS) {
            operations.subList(EXCERPT_OPERATIONS, operations.size()).clear();
        }
        long begin = System.nanoTime();
        TestStatistics statistics = new SltExecutor(options, url, "PUBLIC").execute(test, options);
        out.printf(
                Locale.ROOT,
                "sql-logic-test %s on %s: %d passed, %d failed, %d ignored, %.1f s%n",
                file,
                system,
                statistics.getPassedTestCount(),
                statistics.getFailedTestCount(),
                statistics.getIgnoredTestCount(),
                (System.nanoTime() - begin) / 1e9);
        if (statistics.getFailedTestCount() > 0) {
            statistics.printStatistics(out);
        }
        return statistics;
    }
}
