/**
 * Transactions over groups: read positions, validation at the owner, commit in one group and across groups, and recovery of
 * what a crash left half done. Implements {@code sql.store}. See DESIGN.md beside this file.
 *
 * <p>Invariant: every check runs on the tail view, what is applied overlaid with every entry in flight.
 */
@NullMarked
package io.atlasdb.node.kv;

import org.jspecify.annotations.NullMarked;
