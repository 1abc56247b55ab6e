/**
 * One client conversation: settings, the open transaction, prepared statements and cursors.
 *
 * <p>A statement is atomic by itself: when it fails inside a transaction, its own writes are taken back and the transaction goes
 * on, as the SQL standard, H2 and Oracle have it. A conflict (class 40) ends the transaction; until the client rolls back, further
 * statements are refused, so that half of a transaction is never taken for the beginning of the next. Statements in autocommit are
 * run again by the server after a conflict, since nothing of them has left it.
 *
 * <p>Rows of a query in autocommit are read from a snapshot of their own, whatever the session does meanwhile; rows in a transaction
 * end with it, and never show what it writes after they were opened.
 *
 * <p>Invariant: every commit that writes rows names the schema version of each table that its statements were planned with, and the
 * plan was made for the catalog of the transaction's snapshot; so no statement mixes two versions of a schema.
 */
@NullMarked
package io.atlasdb.sql.session;

import org.jspecify.annotations.NullMarked;
