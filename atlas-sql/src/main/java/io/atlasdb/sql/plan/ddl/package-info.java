/**
 * Statements that are neither queries nor DML, as plain data: what the text said, names folded, types resolved, nothing looked
 * up. Expressions (DEFAULT, CHECK) are kept as SQL text with quoted identifiers, so that their meaning does not hang on
 * settings. No Calcite and no catalog lookup here.
 */
@NullMarked
package io.atlasdb.sql.plan.ddl;

import org.jspecify.annotations.NullMarked;
