package io.atlasdb.sql.plan;

import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.plan.QueryPlan.Body;
import io.atlasdb.sql.plan.rules.Explainer;
import io.atlasdb.sql.plan.rules.Programs;
import io.atlasdb.sql.plan.rules.TablesRead;
import io.atlasdb.sql.plan.runtime.AtlasContext;
import io.atlasdb.sql.plan.runtime.EnumerableCursor;
import io.atlasdb.sql.plan.runtime.RuntimeErrors;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.adapter.enumerable.EnumerableInterpretable;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
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
        Map<String, Object> objects = new HashMap<>();
        Bindable<?> code = EnumerableInterpretable.toBindable(objects, null, physical, EnumerableRel.Prefer.ARRAY);
        int width = physical.getRowType().getFieldCount();
        Map<String, Object> shared = Map.copyOf(objects);
        RuntimeErrors errors = new RuntimeErrors();
        return new Compiled(source -> open(code, shared, width, errors, source), tables, Explainer.explain(physical));
    }

    private static RowCursor open(
            Bindable<?> code, Map<String, Object> objects, int width, RuntimeErrors errors, RowSource source) {
        AtlasContext context = new AtlasContext(source, objects);
        try {
            return new EnumerableCursor(context, code.bind(context).enumerator(), width, errors);
        } catch (RuntimeException | StackOverflowError | LinkageError e) {
            context.close();
            throw errors.of(e);
        }
    }
}
