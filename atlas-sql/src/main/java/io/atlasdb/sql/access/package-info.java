/**
 * Who may do what: identities, and the rights that they hold on tables and rows. Invariant: rights are rows of the groups that
 * they protect, so that they move, are copied and are restored with what they protect.
 */
@NullMarked
package io.atlasdb.sql.access;

import org.jspecify.annotations.NullMarked;
