package io.atlasdb.sql.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which texts share a plan, and when a plan is made again. */
class PlannerTest {
    private final ListRows rows = Samples.rows();

    @Test
    void theSameTextHasTheSamePlan() {
        String sql = "SELECT name FROM emp WHERE id = 1";
        assertThat(rows.plan(sql)).isSameAs(rows.plan(sql));
    }

    @Test
    void textsThatDifferInValuesShareAPlan() {
        Planned one = rows.plan("SELECT name FROM emp WHERE id = 1 AND name <> 'x'");
        Planned two = rows.plan("SELECT name FROM emp WHERE id = 2 AND name <> 'it''s'");
        assertThat(two.plan()).isSameAs(one.plan());
        assertThat(two.literals()).isEqualTo(List.of(2, "it's"));
        assertThat(rows.run(two)).hasSize(1);
        assertThat(rows.query("SELECT name FROM emp WHERE id = 2 AND name <> 'Bob'"))
                .isEmpty();
    }

    @Test
    void theTypeOfALiteralMatters() {
        Planned small = rows.plan("SELECT name FROM emp WHERE id = 1");
        assertThat(rows.plan("SELECT name FROM emp WHERE id = 3000000000").plan())
                .isNotSameAs(small.plan());
        assertThat(rows.query("SELECT name FROM emp WHERE id = 3000000000")).isEmpty();
        assertThat(rows.query("SELECT name FROM emp WHERE id = 1.5")).isEmpty();
        assertThat(rows.query("SELECT name FROM emp WHERE id = '1'")).containsExactly("Ada");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1 FROM emp",
                "SELECT name FROM emp ORDER BY 1 LIMIT 2",
                "SELECT dept, 2 FROM emp GROUP BY 1",
                "SELECT name FROM emp WHERE hired > DATE '2020-01-01'",
                "SELECT name FROM emp WHERE id + 1 = 2 + id",
                "SELECT name FROM emp WHERE name LIKE 'A%'",
                "SELECT name FROM emp WHERE id = -1",
                "SELECT name FROM emp -- WHERE id = 1",
                "SELECT x'00' FROM emp",
                "SELECT 1 FROM emp WHERE 1 = 0",
                "EXPLAIN SELECT name FROM emp WHERE id = 3"
            })
    void otherLiteralsStay(String sql) {
        assertThat(LiftedText.of(sql).literals()).isEmpty();
    }

    @Test
    void parametersOfTheUserComeFirst() {
        LiftedText lifted = LiftedText.of("UPDATE emp SET name = 'a', dept = ? WHERE id = 7 AND salary > ?");
        assertThat(lifted.text()).isEqualTo("UPDATE emp SET name = ?, dept = ? WHERE id = ? AND salary > ?");
        assertThat(lifted.marks()).isEqualTo("suiu");
        assertThat(List.of(
                        lifted.slots().runtime(0),
                        lifted.slots().runtime(1),
                        lifted.slots().runtime(2)))
                .containsExactly(2, 0, 3);
        Planned planned = rows.plan("UPDATE emp SET name = 'a', dept = ? WHERE id = 7 AND salary > ?");
        assertThat(planned.plan().parameters())
                .extracting(parameter -> parameter.type().toString())
                .containsExactly("INTEGER", "DECIMAL(10, 2)");
    }

    @Test
    void cellsOfAnInsertAreLifted() {
        Planned one = rows.plan("INSERT INTO emp (id, name, salary) VALUES (1, 'a', 1.5), (?, 'b', -2)");
        Planned two = rows.plan("INSERT INTO emp (id, name, salary) VALUES (2, 'c', 2.5), (?, 'd', -2)");
        assertThat(two.plan()).isSameAs(one.plan());
        InsertPlan insert = (InsertPlan) two.plan();
        RowSource source = rows.source(9, 2, "c", new java.math.BigDecimal("2.5"), "d");
        assertThat(insert.rows().stream()
                        .flatMap(List::stream)
                        .map(cell -> String.valueOf(cell.eval(new Object[0], source)))
                        .toList())
                .containsExactly("2", "c", "2.50", "9", "d", "-2.00");
    }

    @Test
    void anErrorShowsThePlaceInTheUsersText() {
        assertThatThrownBy(() -> rows.plan("SELECT name FROM emp WHERE id = 100000 AND nme = 'x'"))
                .hasMessageContaining("column 44")
                .hasMessageContaining("did you mean NAME?");
    }

    @Test
    void warmUpRuns() {
        try (Planner planner = new Planner()) {
            planner.warmUp();
        }
    }
}
