/**
 * What generated code stands on while it runs: the values of one execution, rows of tables and the accounting of memory.
 * Everything here belongs to one execution and one thread, except {@code ScanSpec}, which is part of a plan.
 */
@NullMarked
package io.atlasdb.sql.plan.runtime;

import org.jspecify.annotations.NullMarked;
