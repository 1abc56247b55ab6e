/**
 * The ports {@code Network} and {@code Link} on gRPC: how nodes of a cluster reach each other.
 *
 * <p>A node dials every peer twice ({@link io.atlasdb.node.transport.Dialer}): one connection for messages of the groups and
 * small calls, one for what is bulky, so that a snapshot never stands in front of a vote. Messages flow from the dialing side
 * only; the answers to pings and calls come back on the same connection. Everything is bounded: what does not fit into an
 * outgoing queue is dropped and counted, since the protocol repeats it; a call that does not fit is refused.
 *
 * <p>Invariants: nothing but the greeting is served on a connection before both sides have proven that they hold the secret
 * of the cluster; a message is delivered whole and unchanged or not at all; a callback runs on an event loop and must not
 * wait. All state of a connection belongs to one event loop.
 */
@NullMarked
package io.atlasdb.node.transport;

import org.jspecify.annotations.NullMarked;
