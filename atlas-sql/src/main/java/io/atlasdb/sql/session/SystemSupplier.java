package io.atlasdb.sql.session;

import io.atlasdb.sql.access.Identity;
import io.atlasdb.sql.access.Principals;
import io.atlasdb.sql.access.User;
import io.atlasdb.sql.catalog.Catalog;
import io.atlasdb.sql.catalog.CatalogStore;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.exec.StatementContext;
import io.atlasdb.sql.system.SystemContext;
import io.atlasdb.sql.system.SystemTables;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** System tables in catalogs and in plans: adds their definitions to a catalog and gives running plans their rows. */
final class SystemSupplier implements StatementContext.SystemRows {
    private final SystemTables tables;
    private final CatalogStore catalogs;
    private volatile @Nullable Completed last;

    /** A catalog as it is stored, and with the system tables. */
    private record Completed(Catalog stored, Catalog complete) {}

    SystemSupplier(SystemTables tables, CatalogStore catalogs) {
        this.tables = tables;
        this.catalogs = catalogs;
    }

    /** The catalog with the system tables in it. */
    @SuppressWarnings("ReferenceEquality") // an uncommitted catalog may have the version of another one
    Catalog complete(Catalog stored) {
        Completed known = last;
        if (known == null || known.stored() != stored) {
            Map<String, Map<String, Table>> schemas = new TreeMap<>(stored.schemas());
            for (String schema : CatalogStore.VIRTUAL_SCHEMAS) {
                schemas.put(schema, tables.tables(schema));
            }
            known = new Completed(stored, new Catalog(stored.version(), schemas, stored.groups(), stored.placements()));
            last = known;
        }
        return known.complete();
    }

    @Override
    public boolean holds(Table table) {
        return SystemTables.isSystem(table);
    }

    @Override
    public Iterator<@Nullable Object[]> rows(Table table, StatementContext statement) {
        Catalog catalog = statement.newSchema()
                ? catalogs.within(statement.transaction())
                : catalogs.at(statement.transaction().snapshot());
        return tables.rows(
                        table, new SystemContext(catalog, statement.identity(), statement.schema(), statement.rights()))
                .iterator();
    }

    /** Lets {@code ATLAS.SESSIONS} and {@code ATLAS.SETTINGS} show what the engine knows. */
    void supply(Sessions sessions) {
        tables.supply("ATLAS", "SESSIONS", context -> {
            List<@Nullable Object[]> rows = new ArrayList<>();
            boolean open = sessions.principals().now().users().isEmpty();
            for (SessionInfo session : sessions.list()) {
                // A statement holds values, which those who may not read them learn nowhere.
                boolean shown = open
                        || context.identity().admin()
                        || session.user().equals(context.identity().name());
                rows.add(new Object[] {
                    session.id(),
                    session.user(),
                    session.schema(),
                    session.startedMs() * 1000,
                    session.state(),
                    shown ? session.statement() : "",
                    micros(session.statementStartedMs()),
                    micros(session.transactionStartedMs())
                });
            }
            return rows;
        });
        tables.supply(
                "ATLAS", "USERS", context -> principals(sessions.principals().now(), context.identity()));
        tables.supply("ATLAS", "SETTINGS", context -> {
            List<@Nullable Object[]> rows = new ArrayList<>();
            for (@Nullable Object[] setting : new Settings(sessions.defaults()).all()) {
                rows.add(new Object[] {setting[0], setting[1], setting[1], setting[2]});
            }
            return rows;
        });
    }

    /** All of them for an admin, else the reader and the reader's roles. */
    private static List<@Nullable Object[]> principals(Principals principals, Identity reader) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (User user : principals.users().values()) {
            if (reader.admin() || reader.name().equals(user.name())) {
                String roles = user.roles().stream().sorted().collect(Collectors.joining(", "));
                rows.add(new Object[] {user.name(), false, user.admin(), user.secret() != null, roles});
            }
        }
        for (String role : principals.roles()) {
            if (reader.admin() || reader.grantees().contains(role)) {
                rows.add(new Object[] {role, true, false, false, ""});
            }
        }
        return rows;
    }

    private static @Nullable Long micros(long millis) {
        return millis == 0 ? null : (Long) (millis * 1000);
    }
}
