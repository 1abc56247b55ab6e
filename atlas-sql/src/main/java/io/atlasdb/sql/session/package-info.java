/**
 * One client conversation: settings, the open transaction, prepared statements and cursors.
 */
@NullMarked
package io.atlasdb.sql.session;

import org.jspecify.annotations.NullMarked;
