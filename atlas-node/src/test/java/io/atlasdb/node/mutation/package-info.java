/**
 * The mutation gate: defects that are put into the code on purpose, each of which the simulator must find. A defect is a
 * patch of one or a few lines, kept beside the tests; it is compiled and loaded for one test only.
 *
 * <p>Invariant: a patch that does not fit the code any more fails the test, so that none is lost unseen.
 */
@NullMarked
package io.atlasdb.node.mutation;

import org.jspecify.annotations.NullMarked;
