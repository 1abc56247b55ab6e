/**
 * Functions that generated code calls. Dates are days, times and timestamps microseconds, intervals months or
 * microseconds; every overflow, bad text and division by zero is an {@code ErrorCode}, never a silent wrap. All are static
 * and free of state.
 */
@NullMarked
package io.atlasdb.sql.plan.function;

import org.jspecify.annotations.NullMarked;
