package io.atlasdb.sql.system;

import io.atlasdb.sql.catalog.Catalog;

/**
 * Who reads a system table.
 *
 * @param catalog the catalog of the reader's snapshot
 * @param user the principal of the session
 * @param schema the session's present schema
 */
public record SystemContext(Catalog catalog, String user, String schema) {}
