/**
 * Atlas's types as Calcite's: precisions, derived types, and the values that parameters and assignments turn into.
 * Calcite's classes never hold a value here: values have the Java classes of {@code SqlType.Kind} on both sides.
 */
@NullMarked
package io.atlasdb.sql.plan.types;

import org.jspecify.annotations.NullMarked;
