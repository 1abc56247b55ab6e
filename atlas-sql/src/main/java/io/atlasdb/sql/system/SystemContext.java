package io.atlasdb.sql.system;

import io.atlasdb.sql.access.AccessKeys;
import io.atlasdb.sql.access.Identity;
import io.atlasdb.sql.catalog.Catalog;

/**
 * Who reads a system table.
 *
 * @param catalog the catalog of the reader's snapshot
 * @param identity who the session runs as
 * @param schema the session's present schema
 * @param rights where rights are read
 */
public record SystemContext(Catalog catalog, Identity identity, String schema, AccessKeys rights) {
    /** The principal of the session. */
    public String user() {
        return identity.name();
    }
}
