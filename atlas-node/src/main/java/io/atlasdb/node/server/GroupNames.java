package io.atlasdb.node.server;

import io.atlasdb.sql.catalog.Catalog;
import io.atlasdb.sql.store.Store;
import java.util.HashMap;
import java.util.Map;

/** What people call groups: a group of tables by its name, another by that of its table. */
final class GroupNames {
    private GroupNames() {}

    /** Names by group. */
    static Map<Long, String> of(Catalog catalog) {
        Map<Long, String> names = new HashMap<>();
        names.put(Store.SYSTEM_GROUP, "system");
        catalog.schemas()
                .values()
                .forEach(tables -> tables.values().forEach(table -> {
                    if (table.group() > 0 && !table.isGrouped()) {
                        names.put(table.group(), table.qualifiedName());
                    }
                }));
        catalog.groups().values().forEach(group -> names.put(group.id(), group.name()));
        return names;
    }
}
