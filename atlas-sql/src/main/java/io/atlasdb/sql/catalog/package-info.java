/**
 * Schemas, tables, columns, indexes and constraints as immutable values, and where they stand in the store. A
 * catalog has a version and never changes; a schema change makes the next one.
 */
@NullMarked
package io.atlasdb.sql.catalog;

import org.jspecify.annotations.NullMarked;
