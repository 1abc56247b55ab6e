/**
 * Where the owner of a group should be: counts who uses it, weighs what each place would cost, and decides.
 *
 * <p>Invariant: nothing here can endanger data. A decision is only a wish that the owner lets go; quorums and ballots decide
 * who owns. All but {@link io.atlasdb.node.cluster.policy.Accesses} is a function of its inputs, time included: no thread, no
 * clock, no network.
 */
@NullMarked
package io.atlasdb.node.cluster.policy;

import org.jspecify.annotations.NullMarked;
