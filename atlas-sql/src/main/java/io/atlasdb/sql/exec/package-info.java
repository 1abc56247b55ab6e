/**
 * Runs plans on a transaction: scans, key lookups, checked writes of rows and their index entries, identity values, memory
 * budgets, cancellation and time-outs.
 *
 * <p>Invariant: whatever a statement decides on, it has read through its transaction, so that a range covers it; that holds for
 * rows that were found, for empty ranges, and for the look-ups behind PRIMARY KEY and UNIQUE. Nothing here commits.
 */
@NullMarked
package io.atlasdb.sql.exec;

import org.jspecify.annotations.NullMarked;
