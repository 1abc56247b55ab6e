/**
 * Counters, gauges and histograms, and their text for Prometheus. Updating one is cheap, lock-free and safe for any thread;
 * names are {@code atlas_<area>_<thing>_<unit>}.
 */
@NullMarked
package io.atlasdb.node.metrics;

import org.jspecify.annotations.NullMarked;
