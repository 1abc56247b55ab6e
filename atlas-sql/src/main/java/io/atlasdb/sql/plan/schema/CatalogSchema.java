package io.atlasdb.sql.plan.schema;

import com.google.common.collect.Maps;
import io.atlasdb.sql.catalog.Catalog;
import io.atlasdb.sql.plan.types.AtlasTypeFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.rel.type.RelProtoDataType;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.impl.AbstractSchema;
import org.apache.calcite.sql.type.SqlTypeName;

/** One version of the catalog as Calcite's root schema, and the names of types that Calcite's grammar does not know. */
public final class CatalogSchema {
    /** By the name in the statement; each is not null. */
    private static final Map<String, RelProtoDataType> TYPES = Map.of(
            "JSON", factory -> ((AtlasTypeFactory) factory).json(),
            "TEXT", factory -> factory.createSqlType(SqlTypeName.VARCHAR),
            "BYTEA", factory -> factory.createSqlType(SqlTypeName.VARBINARY),
            "UUID", factory -> factory.createSqlType(SqlTypeName.UUID));

    private CatalogSchema() {}

    /** The root schema. Tables are wrapped when they are asked for. */
    public static CalciteSchema of(Catalog catalog, Cardinality cardinality) {
        CalciteSchema root = CalciteSchema.createRootSchema(false, false, "", new Root(catalog, cardinality));
        TYPES.forEach(root.plus()::add);
        return root;
    }

    /** The path on which unqualified names are looked up. */
    public static List<String> path(String schema) {
        return List.of(schema);
    }

    private static final class Root extends AbstractSchema {
        private final Map<String, Schema> schemas = new HashMap<>();

        Root(Catalog catalog, Cardinality cardinality) {
            catalog.schemas().forEach((name, tables) -> schemas.put(name, new Tables(tables, cardinality)));
        }

        @Override
        protected Map<String, Schema> getSubSchemaMap() {
            return schemas;
        }
    }

    private static final class Tables extends AbstractSchema {
        private final Map<String, Table> tables;

        Tables(Map<String, io.atlasdb.sql.catalog.Table> tables, Cardinality cardinality) {
            this.tables = Maps.transformValues(tables, table -> new AtlasTable(table, cardinality));
        }

        @Override
        protected Map<String, Table> getTableMap() {
            return tables;
        }
    }
}
