/**
 * Load generators. Each is a {@link Benchmark}, found by {@code java.util.ServiceLoader}, so that the command line knows
 * none of them by name and drivers of other systems stay off the node's class path.
 */
@NullMarked
package io.atlasdb.node.bench;

import org.jspecify.annotations.NullMarked;
