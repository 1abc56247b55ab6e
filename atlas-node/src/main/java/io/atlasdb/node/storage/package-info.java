/**
 * The state machine on disk: {@link io.atlasdb.node.storage.MvStateMachine} keeps the rows of all groups, with their older
 * versions, in one MVStore file. DESIGN.md beside this file tells why it is right.
 *
 * <p>Invariant: what the file holds at any commit is whole entries, each with the position of its group; and no byte that
 * was damaged on disk is ever given out as data.
 *
 * <p>Nothing outside this package sees {@code org.h2}.
 */
@NullMarked
package io.atlasdb.node.storage;

import org.jspecify.annotations.NullMarked;
