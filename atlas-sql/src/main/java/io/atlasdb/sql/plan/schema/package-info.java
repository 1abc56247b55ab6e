/** The catalog as Calcite sees it. Nothing here outlives the planning of one statement except the catalog's own values. */
@NullMarked
package io.atlasdb.sql.plan.schema;

import org.jspecify.annotations.NullMarked;
