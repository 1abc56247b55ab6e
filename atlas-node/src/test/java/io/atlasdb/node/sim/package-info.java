/**
 * The deterministic simulator: the real {@code consensus}, {@code replica} and {@code kv} code of many nodes in one thread on virtual time,
 * with one fake for each source of chance. A seed replays a run exactly. docs/testing.md tells how to run it.
 *
 * <p>Invariant: nothing here reads a clock, starts a thread, or walks a collection in hash order.
 */
@NullMarked
package io.atlasdb.node.sim;

import org.jspecify.annotations.NullMarked;
