package io.atlasdb.sql.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.plan.schema.Cardinality;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the planner is told of the size of tables. */
class RowCountsTest {
    private final MemorySessions memory = new MemorySessions();
    private final Sql sql = new Sql(memory.open());
    private final Deque<Consumer<Runnable>> background = new ArrayDeque<>();
    private final RowCounts counts =
            new RowCounts(memory.store(), table -> !table.name().equals("V"), background::add);

    @AfterEach
    void close() {
        memory.close();
    }

    private Table table(String name, int rows) {
        sql.run("CREATE TABLE " + name + " (id INTEGER PRIMARY KEY)");
        for (int from = 0; from < rows; from += 1_000) {
            StringBuilder values = new StringBuilder();
            for (int id = from; id < Math.min(rows, from + 1_000); id++) {
                values.append(id == from ? "(" : ", (").append(id).append(')');
            }
            sql.run("INSERT INTO " + name + " VALUES " + values);
        }
        return Objects.requireNonNull(memory.sessions().catalog().table("PUBLIC", name));
    }

    @Test
    void aSmallTableIsCountedAtOnce() {
        assertThat(counts.rows(table("S", 1_234))).isEqualTo(1_234);
        assertThat(background).isEmpty();
    }

    @Test
    void anEmptyTableIsTakenForASmallOne() {
        assertThat(counts.rows(table("S", 0))).isBetween(1.0, Cardinality.UNKNOWN);
    }

    @Test
    void aLargeTableIsCountedInTheBackground() {
        Table table = table("L", 7_000);
        assertThat(counts.rows(table)).isGreaterThan(7_000);
        counts.rows(table);
        assertThat(background).hasSize(1);
        background.remove().accept(() -> {});
        assertThat(counts.rows(table)).isEqualTo(7_000);
    }

    @Test
    void aTableThatIsGoneIsForgotten() {
        Table table = table("S", 500);
        assertThat(counts.rows(table)).isEqualTo(500);
        sql.run("DELETE FROM S WHERE id < 200");
        assertThat(counts.rows(table)).isEqualTo(500);
        counts.retain(Set.of());
        assertThat(counts.rows(table)).isEqualTo(300);
    }

    @Test
    void systemTablesAreNotCounted() {
        assertThat(counts.rows(table("V", 1_000))).isLessThan(1_000);
    }
}
