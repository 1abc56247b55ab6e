/**
 * The loops that turn inputs of the consensus core into effects, and the ports that they stand on: Journal,
 * Network, StateMachine, Bodies. An effect that must be durable is forced before anything that follows from it
 * leaves the node.
 */
@NullMarked
package io.atlasdb.node.replica;

import org.jspecify.annotations.NullMarked;
