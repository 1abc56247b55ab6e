package io.atlasdb.node.replica;

/** Hears when this node becomes or ceases to be the owner of a group; on the thread of the group's loop. */
public interface Ownership {
    /** The node owns the group and has applied all that earlier owners left. */
    void gained();

    /**
     * The node owns the group no more. What it proposed and was not applied may be chosen yet, or never: the entry that is
     * applied at its slot tells, by its hash.
     */
    void lost();

    /** The owner is about to let go of the group for another voter: whatever is proposed from now on holds that up. */
    default void leaving(int heir) {}

    /** It did not come to that, since what was on its way did not arrive in time; or the ownership was lost otherwise. */
    default void stays() {}

    /** Hears nothing. */
    Ownership NONE = new Ownership() {
        @Override
        public void gained() {}

        @Override
        public void lost() {}
    };
}
