package io.atlasdb.sql.catalog;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All schemas and tables at one version.
 *
 * @param version grows with every schema change of the cluster
 * @param schemas tables by name, by schema name
 */
public record Catalog(long version, Map<String, Map<String, Table>> schemas) {
    /** The table of that name, or null. */
    public @Nullable Table table(String schema, String name) {
        Map<String, Table> tables = schemas.get(schema);
        return tables == null ? null : tables.get(name);
    }
}
