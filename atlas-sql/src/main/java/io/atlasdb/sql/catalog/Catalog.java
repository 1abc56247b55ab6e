package io.atlasdb.sql.catalog;

import io.atlasdb.sql.store.Placement;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All schemas, tables and groups at one version.
 *
 * @param version grows with every schema change of the cluster
 * @param schemas tables by name, by schema name
 * @param groups groups of tables, by name
 * @param placements where groups may live, by their number; what stands nowhere is {@link Placement#DEFAULT}
 */
public record Catalog(
        long version,
        Map<String, Map<String, Table>> schemas,
        Map<String, TableGroup> groups,
        Map<Long, Placement> placements) {
    /** Without groups of tables and placements. */
    public Catalog(long version, Map<String, Map<String, Table>> schemas) {
        this(version, schemas, Map.of(), Map.of());
    }

    /** Where a group may live. */
    public Placement placement(long group) {
        return placements.getOrDefault(group, Placement.DEFAULT);
    }

    /** The table of that name, or null. */
    public @Nullable Table table(String schema, String name) {
        Map<String, Table> tables = schemas.get(schema);
        return tables == null ? null : tables.get(name);
    }
}
