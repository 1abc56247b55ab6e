/**
 * The members of the cluster: the registry of nodes in group 0, joining, draining and removing, who belongs to which group, and
 * the check of clocks.
 *
 * <p>Invariant: nothing here decides what a quorum is. The registry says what is wanted; a group's members change only by
 * entries of its own log, proposed by its owner, one step at a time, and only when the quorums of the next step can be reached
 * now.
 */
@NullMarked
package io.atlasdb.node.cluster;

import org.jspecify.annotations.NullMarked;
