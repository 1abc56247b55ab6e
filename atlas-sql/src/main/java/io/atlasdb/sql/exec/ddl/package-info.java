/**
 * Runs the statements that change the schema. Everything a statement decides on is read through its transaction and validated
 * at commit, so that two statements that exclude each other never both succeed; a change is atomic with whatever else its transaction does.
 *
 * <p>The one thing that does not fit a transaction is filling an index of a large table. It is begun in the transaction (state BUILDING:
 * writes maintain the index, reads do not use it) and finished after its commit in bounded transactions, without a lock; what a
 * crash leaves unfinished is found and finished at the next start.
 */
@NullMarked
package io.atlasdb.sql.exec.ddl;

import org.jspecify.annotations.NullMarked;
