package io.atlasdb.sql.exec;

import io.atlasdb.sql.catalog.Table;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The {@link TableRuntime} of each table in the version that was used last. Safe for any number of threads. */
final class TableRuntimes {
    private final Expressions expressions;
    private final ConcurrentHashMap<Long, TableRuntime> newest = new ConcurrentHashMap<>();

    TableRuntimes(Expressions expressions) {
        this.expressions = expressions;
    }

    @SuppressWarnings(
            "ReferenceEquality") // nearly always the same object; comparing all columns costs more than a look-up
    TableRuntime get(Table table) {
        TableRuntime known = newest.get(table.id());
        if (known != null && (known.table() == table || known.table().equals(table))) {
            return known;
        }
        TableRuntime made = new TableRuntime(table, expressions);
        newest.put(table.id(), made);
        return made;
    }

    /** Forgets tables that are gone. */
    void retain(Set<Long> tables) {
        newest.keySet().retainAll(tables);
    }
}
