/**
 * The line protocol on a Unix domain socket: bytes to {@code Request}, {@code Request} to {@code Answer}, {@code Answer} to
 * bytes.
 *
 * <p>Invariant: what a client may make the node hold is bounded. A connection stops reading while it has too much in flight
 * or its client does not read, long lines and large answers are paid from one budget of the node, and every command has a
 * deadline. A malformed command is answered here and goes no deeper.
 *
 * <p>The package knows keys, a cluster's nodes and quorums through {@code KeySpace} and {@code ClusterInfo} only.
 */
@NullMarked
package io.atlasdb.node.socket;

import org.jspecify.annotations.NullMarked;
