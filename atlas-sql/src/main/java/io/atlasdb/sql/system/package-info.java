/**
 * Tables whose rows are made when they are read: {@code INFORMATION_SCHEMA} and {@code ATLAS}. Rows come from the catalog, or
 * from suppliers that the session and the node register.
 *
 * <p>Invariant: a system table has a negative id, is never written and belongs to no group; its rows have the Java classes of
 * their columns' types.
 */
@NullMarked
package io.atlasdb.sql.system;

import org.jspecify.annotations.NullMarked;
