package io.atlasdb.node.consensus;

/** What a node is to a group. */
public enum Role {
    FOLLOWER,
    /** Waits for a phase-1 quorum, or for chosen entries that it lacks. */
    CANDIDATE,
    OWNER,
    /** Has taken itself out of the group, and brings the entry that says so to the next voters. Proposes nothing. */
    RETIRING
}
