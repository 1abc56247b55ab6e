package io.atlasdb.sql.exec.ddl;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.access.AccessChange;
import io.atlasdb.sql.access.AccessStore;
import io.atlasdb.sql.access.Rights;
import io.atlasdb.sql.catalog.Catalog;
import io.atlasdb.sql.catalog.CatalogStore;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.plan.ddl.ChangeRights;
import io.atlasdb.sql.plan.ddl.QualifiedName;
import io.atlasdb.sql.store.Limits;
import java.util.Map;

/** GRANT and REVOKE. */
final class RightsStatements {
    private final AccessStore access;

    RightsStatements(AccessStore access) {
        this.access = access;
    }

    void change(ChangeRights command, DdlContext context, Catalog catalog) {
        int rights = 0;
        for (String privilege : command.privileges()) {
            rights |= privilege.equals("ALL") ? Rights.DATA : Rights.byName(privilege);
        }
        AccessChange change = new AccessChange(command.grants(), rights, command.principals());
        QualifiedName name = command.table();
        if (name != null) {
            String schema = context.schemaOf(name);
            requireStored(schema);
            changeTable(Tables.require(catalog, schema, name.name()), change, context);
        } else {
            changeSchema(String.valueOf(command.schema()), change, context, catalog);
        }
    }

    private void changeTable(Table table, AccessChange change, DdlContext context) {
        access.change(context.transaction(), table, null, change, context.identity(), context.accessVersion());
    }

    /** The list of the schema and those of its tables change together, or none of them does. */
    private void changeSchema(String schema, AccessChange change, DdlContext context, Catalog catalog) {
        requireStored(schema);
        Map<String, Table> tables = catalog.schemas().get(schema);
        if (tables == null) {
            throw ErrorCode.NO_SUCH_SCHEMA.error(
                    schema, NearestName.hint(schema, catalog.schemas().keySet()));
        }
        if (tables.size() > Limits.SCHEMA_GRANT_TABLES_MAX) {
            throw ErrorCode.LIMIT.error(
                    "the number of tables that a schema's rights are changed on at once",
                    tables.size(),
                    Limits.SCHEMA_GRANT_TABLES_MAX);
        }
        access.changeSchema(context.transaction(), schema, change, context.identity(), context.accessVersion());
        tables.values().forEach(table -> changeTable(table, change, context));
    }

    private static void requireStored(String schema) {
        if (CatalogStore.VIRTUAL_SCHEMAS.contains(schema)) {
            throw ErrorCode.INVALID_DEFINITION.error(
                    "schema " + schema + " can be read by everybody and changed by nobody");
        }
    }
}
