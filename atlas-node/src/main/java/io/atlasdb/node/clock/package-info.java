/**
 * The hybrid logical clock. It labels versions; slots, not timestamps, decide order.
 */
@NullMarked
package io.atlasdb.node.clock;

import org.jspecify.annotations.NullMarked;
