package io.atlasdb.sql.plan;

import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.plan.QueryPlan.Body;
import io.atlasdb.sql.plan.rules.Explainer;
import io.atlasdb.sql.plan.rules.Programs;
import io.atlasdb.sql.plan.rules.TablesRead;
import io.atlasdb.sql.plan.runtime.AtlasContext;
import io.atlasdb.sql.plan.runtime.EnumerableCursor;
import io.atlasdb.sql.plan.runtime.RuntimeErrors;
import io.atlasdb.sql.plan.runtime.Step;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.runtime.Bindable;

/** From a rewritten logical plan to code that runs. */
final class QueryCompiler {
    private QueryCompiler() {}

    /** A compiled plan and what is to be known of it. */
    record Compiled(Body body, List<Table> tables, String explain) {}

    static Compiled compile(RelNode logical) {
        List<Table> tables = TablesRead.of(logical);
        EnumerableRel physical = Programs.choose(logical);
        String explain = Explainer.explain(physical);
        int width = physical.getRowType().getFieldCount();
        Step step = Programs.step(physical);
        RuntimeErrors errors = new RuntimeErrors();
        if (step != null) {
            return new Compiled(source -> open(step::open, Map.of(), width, errors, source), tables, explain);
        }
        Map<String, Object> objects = new HashMap<>();
        Bindable<?> code = CodeCompiler.compile(physical, objects);
        Map<String, Object> shared = Map.copyOf(objects);
        return new Compiled(
                source -> open(context -> code.bind(context), shared, width, errors, source), tables, explain);
    }

    private static RowCursor open(
            Function<AtlasContext, Enumerable<?>> rows,
            Map<String, Object> objects,
            int width,
            RuntimeErrors errors,
            RowSource source) {
        AtlasContext context = new AtlasContext(source, objects);
        try {
            return new EnumerableCursor(context, rows.apply(context).enumerator(), width, errors);
        } catch (RuntimeException | StackOverflowError | LinkageError e) {
            context.close();
            throw errors.of(e);
        }
    }
}
