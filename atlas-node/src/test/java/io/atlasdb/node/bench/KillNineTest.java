package io.atlasdb.node.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real node, 8 JDBC writers and 8 socket writers, and {@code kill -9} at random moments; 50 times by {@code atlas bench crash}. */
class KillNineTest {
    @TempDir
    private Path folder;

    @Test
    @Timeout(600)
    void whatWasAcknowledgedSurvivesAndNothingIsHalfThere() throws IOException, SQLException {
        CrashRounds.Plan plan = new CrashRounds.Plan(5, 8, 0, 256, 800);
        CrashRounds.Outcome outcome = new CrashRounds(plan, folder, System.out).run();
        assertThat(outcome.faults()).isEmpty();
        assertThat(outcome.restartSeconds()).hasSize(plan.rounds());
        assertThat(outcome.jdbc()).isPositive();
        assertThat(outcome.keys()).isPositive();
    }
}
