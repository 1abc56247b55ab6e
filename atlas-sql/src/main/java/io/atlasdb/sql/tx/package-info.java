/**
 * One transaction over a {@code Store}: a snapshot, the ranges that were read, and a buffer of writes that reads see laid over
 * the snapshot. At commit the store validates the ranges and the written keys.
 *
 * <p>Invariant: at SERIALIZABLE every key whose value or absence could have influenced what was returned lies in a read range or
 * in the buffer; ranges are only ever widened. Nothing is written to the store before commit, so rolling back is forgetting.
 */
@NullMarked
package io.atlasdb.sql.tx;

import org.jspecify.annotations.NullMarked;
