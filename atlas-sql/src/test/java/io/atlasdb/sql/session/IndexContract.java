package io.atlasdb.sql.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Indexes hold what their table holds, whatever was done to it. */
@NullMarked
public abstract class IndexContract extends SessionContract {
    private static final int STEPS = 400;
    private static final int IDS = 40;
    private static final int VALUES = 8;

    /** What the table should hold: n, u and s by id. */
    private final Map<Integer, List<@Nullable Integer>> model = new TreeMap<>();

    @Test
    void indexesFollowTheirTable() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        a.run("CREATE TABLE t (id INT PRIMARY KEY, n INT, u INT UNIQUE, s INT)");
        a.run("CREATE INDEX t_n ON t (n DESC, s)");
        for (int step = 0; step < STEPS; step++) {
            boolean transaction = random.nextInt(10) == 0;
            Map<Integer, List<@Nullable Integer>> before = new TreeMap<>(model);
            if (transaction) {
                a.run("BEGIN");
            }
            for (int i = transaction ? 3 : 1; i > 0; i--) {
                step(random);
            }
            if (transaction && random.nextBoolean()) {
                a.run("ROLLBACK");
                model.clear();
                model.putAll(before);
            } else if (transaction) {
                a.run("COMMIT");
            }
            if (step % 20 == 0 || step == STEPS - 1) {
                compare("seed " + seed + ", step " + step);
            }
        }
    }

    private void step(Random random) {
        int id = random.nextInt(IDS);
        Integer n = random.nextInt(6) == 0 ? null : random.nextInt(VALUES);
        Integer u = random.nextInt(4) == 0 ? null : random.nextInt(IDS);
        switch (random.nextInt(5)) {
            case 0, 1 -> insert(id, n, u);
            case 2 -> update(id, n, u);
            case 3 -> {
                assertThat(a.run("DELETE FROM t WHERE id = ?", id)).isEqualTo(model.containsKey(id) ? 1 : 0);
                model.remove(id);
            }
            default -> {
                int from = random.nextInt(VALUES);
                int by = 1 + random.nextInt(3);
                a.run("UPDATE t SET n = n + ?, s = s + 1 WHERE n >= ? AND n < ?", by, from, from + 2);
                model.replaceAll((key, row) -> {
                    Integer old = row.get(0);
                    Integer s = row.get(2);
                    return old != null && s != null && old >= from && old < from + 2
                            ? Arrays.asList(old + by, row.get(1), s + 1)
                            : row;
                });
            }
        }
    }

    private void insert(int id, @Nullable Integer n, @Nullable Integer u) {
        boolean allowed = !model.containsKey(id) && isFree(u, -1);
        expect(allowed, () -> a.run("INSERT INTO t VALUES (?, ?, ?, 0)", id, n, u));
        if (allowed) {
            model.put(id, Arrays.asList(n, u, 0));
        }
    }

    private void update(int id, @Nullable Integer n, @Nullable Integer u) {
        List<@Nullable Integer> row = model.get(id);
        boolean allowed = row == null || isFree(u, id);
        expect(allowed, () -> a.run("UPDATE t SET n = ?, u = ? WHERE id = ?", n, u, id));
        if (allowed && row != null) {
            model.put(id, Arrays.asList(n, u, row.get(2)));
        }
    }

    private boolean isFree(@Nullable Integer u, int except) {
        return u == null
                || model.entrySet().stream()
                        .noneMatch(row -> row.getKey() != except
                                && Objects.equals(row.getValue().get(1), u));
    }

    private static void expect(boolean allowed, Runnable write) {
        if (allowed) {
            write.run();
        } else {
            AtlasException failure = Sql.failure(write);
            assertThat(failure.code()).isEqualTo(ErrorCode.UNIQUE);
        }
    }

    private void compare(String when) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        model.forEach((id, row) -> rows.add(Arrays.asList(id, row.get(0), row.get(1), row.get(2))));
        assertThat(a.rows("SELECT id, n, u, s FROM t ORDER BY id")).as(when).isEqualTo(rows);
        for (int n = 0; n < VALUES + STEPS; n++) {
            int wanted = n;
            List<Integer> ids = model.entrySet().stream()
                    .filter(row -> Objects.equals(row.getValue().get(0), wanted))
                    .map(Map.Entry::getKey)
                    .toList();
            if (n < VALUES || !ids.isEmpty()) {
                assertThat(a.rows("SELECT id FROM t WHERE n = ?", n).stream().map(row -> row.get(0)))
                        .as(when + ", n = " + n)
                        .containsExactlyInAnyOrderElementsOf(ids);
            }
        }
        for (int u = 0; u < IDS; u++) {
            int wanted = u;
            List<Integer> ids = model.entrySet().stream()
                    .filter(row -> Objects.equals(row.getValue().get(1), wanted))
                    .map(Map.Entry::getKey)
                    .toList();
            assertThat(a.rows("SELECT id FROM t WHERE u = ?", u).stream().map(row -> row.get(0)))
                    .as(when + ", u = " + u)
                    .containsExactlyElementsOf(ids);
        }
    }
}
