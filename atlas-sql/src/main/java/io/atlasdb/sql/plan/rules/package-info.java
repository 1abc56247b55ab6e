/**
 * What happens to a plan between Calcite's validator and Janino: lowering of date, time, decimal and cast expressions to
 * Atlas's own functions, choice of access paths, and the operators that Atlas adds. Invariant: after {@code Lowering} no
 * date or time type is left in a plan, so Calcite's millisecond runtime never sees a microsecond.
 */
@NullMarked
package io.atlasdb.sql.plan.rules;

import org.jspecify.annotations.NullMarked;
