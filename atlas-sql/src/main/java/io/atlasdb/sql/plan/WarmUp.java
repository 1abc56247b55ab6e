package io.atlasdb.sql.plan;

import io.atlasdb.sql.catalog.Catalog;
import io.atlasdb.sql.catalog.Column;
import io.atlasdb.sql.catalog.Index;
import io.atlasdb.sql.catalog.SqlType;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.plan.schema.Cardinality;
import java.util.List;
import java.util.Map;

/** Statements that touch most of the planner, and a table for them. */
final class WarmUp {
    static final List<String> STATEMENTS = List.of(
            "SELECT b FROM t WHERE a = ?",
            "SELECT * FROM t WHERE b > 'x' ORDER BY a DESC LIMIT 10",
            "INSERT INTO t (a, b) VALUES (?, ?)",
            "UPDATE t SET b = 'x' WHERE a = 1",
            "DELETE FROM t WHERE b = 'x'",
            "SELECT x.b, count(*), sum(y.a) FROM t AS x JOIN t AS y ON x.a = y.a"
                    + " WHERE x.b IN ('a', 'b') AND y.a BETWEEN 1 AND 9 GROUP BY x.b HAVING count(*) > 1 ORDER BY 2 DESC",
            "SELECT a FROM t WHERE EXISTS (SELECT 1 FROM t AS u WHERE u.a > t.a) AND b LIKE 'a%'");

    private static final Table TABLE = new Table(
            1,
            1,
            "W",
            "T",
            1,
            List.of(column(0, "A", SqlType.of(SqlType.Kind.INTEGER)), column(1, "B", SqlType.of(SqlType.Kind.VARCHAR))),
            List.of(new Index.Part(0, false)),
            "T_PK",
            List.of(),
            List.of(),
            2,
            Map.of());

    /** The version of the catalog says that nothing planned in it may be kept. */
    static final PlanningContext CONTEXT =
            new PlanningContext(new Catalog(-1, Map.of("W", Map.of("T", TABLE))), "W", Cardinality.GUESS);

    private WarmUp() {}

    private static Column column(int id, String name, SqlType type) {
        return new Column(id, name, type, false, null, Column.Identity.NONE, null, false);
    }
}
