package io.atlasdb.sql.plan;

import io.atlasdb.sql.catalog.Catalog;
import io.atlasdb.sql.plan.schema.Cardinality;

/**
 * What a statement is planned against.
 *
 * @param catalog one version of all tables; system tables are among them
 * @param schema where unqualified names are looked up
 */
public record PlanningContext(Catalog catalog, String schema, Cardinality cardinality) {}
