package io.atlasdb.node.replica;

/** Brings a group here from a member that no longer holds its entries. */
@FunctionalInterface
interface SnapshotSource {
    /** Asks for the group from a member; nothing when it is on its way already. On the loop of the group. */
    void take(Replica replica, int member);
}
