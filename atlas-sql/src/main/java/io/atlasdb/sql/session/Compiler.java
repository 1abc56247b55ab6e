package io.atlasdb.sql.session;

import io.atlasdb.sql.catalog.Catalog;
import io.atlasdb.sql.plan.Parsed;
import io.atlasdb.sql.plan.Planner;
import io.atlasdb.sql.plan.PlanningContext;
import io.atlasdb.sql.plan.StatementParser;
import io.atlasdb.sql.plan.StopSignal;
import io.atlasdb.sql.plan.schema.Cardinality;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** From text to meaning: commands are told from what is planned by their first word, so that a cached plan costs no parsing. */
final class Compiler {
    private static final Set<String> PLANNED =
            Set.of("SELECT", "WITH", "VALUES", "INSERT", "UPDATE", "DELETE", "UPSERT", "EXPLAIN");

    private final Planner planner;
    private final Cardinality cardinality;
    private final AtomicLong uncommitted = new AtomicLong();

    Compiler(Planner planner, Cardinality cardinality) {
        this.planner = planner;
        this.cardinality = cardinality;
    }

    /**
     * What a text means.
     *
     * @param own whether the catalog holds changes that are not committed: its version says nothing then, and it gets a number
     *     of its own under which no other plan is found
     */
    Compiled compile(String sql, String schema, Catalog catalog, boolean own, StopSignal stop) {
        String firstWord = firstWord(sql);
        if (!PLANNED.contains(firstWord)) {
            CopyStatement copy = CopyStatement.parse(firstWord, sql);
            if (copy != null) {
                return new Compiled.OfCopy(copy);
            }
            Parsed parsed = StatementParser.parse(sql);
            if (parsed instanceof Parsed.Ddl ddl) {
                return new Compiled.OfDdl(ddl.command());
            } else if (parsed instanceof Parsed.ControlStatement control) {
                return new Compiled.OfControl(control.command());
            }
        }
        Catalog unique = own ? new Catalog(uncommitted.decrementAndGet(), catalog.schemas()) : catalog;
        return Compiled.OfPlan.of(planner.plan(sql, new PlanningContext(unique, schema, cardinality, stop)));
    }

    private static String firstWord(String sql) {
        int start = 0;
        while (start < sql.length() && Character.isWhitespace(sql.charAt(start))) {
            start++;
        }
        int end = start;
        while (end < sql.length() && Character.isLetter(sql.charAt(end))) {
            end++;
        }
        return sql.substring(start, end).toUpperCase(Locale.ROOT);
    }
}
