/**
 * The port that SQL stands on: ordered bytes in groups, snapshots, and commit with validation. It knows no SQL
 * and no node. The node implements it over its replicated log, the tests in memory; one contract test runs on
 * both.
 */
@NullMarked
package io.atlasdb.sql.store;

import org.jspecify.annotations.NullMarked;
