package io.atlasdb.sql.plan.rules;

import io.atlasdb.sql.catalog.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.rel.RelNode;

/** The tables of a plan. */
public final class TablesRead {
    private TablesRead() {}

    /** Every table that the lowered plan reads, each once, in the order of its first scan. */
    public static List<Table> of(RelNode node) {
        Map<Long, Table> tables = new LinkedHashMap<>();
        collect(node, tables);
        return List.copyOf(tables.values());
    }

    private static void collect(RelNode node, Map<Long, Table> tables) {
        if (node instanceof AtlasScan scan) {
            tables.putIfAbsent(scan.scanTable().table().id(), scan.scanTable().table());
        }
        node.getInputs().forEach(input -> collect(input, tables));
    }
}
