package io.atlasdb.sql.store;

import io.atlasdb.proto.ErrorCode;

/** What the node knows of regions and owners, for statements that place groups. Safe for several threads. */
public interface Placements {
    /** Of a store without regions: takes every placement, and has no owner to move. */
    Placements NONE = new Placements() {
        @Override
        public void check(Placement placement) {}

        @Override
        public void moveOwner(long group, Target target) {
            throw ErrorCode.UNSUPPORTED.error("moving an owner without a cluster");
        }
    };

    /**
     * Where an owner shall be.
     *
     * @param region its region; empty when {@code node} says which
     * @param node its number; 0 when {@code region} says where
     */
    record Target(String region, long node) {
        public Target {
            if (region.isEmpty() == (node == 0) || node < 0) {
                throw new IllegalArgumentException("region '" + region + "', node " + node);
            }
        }

        @Override
        public String toString() {
            return node == 0 ? "region " + region : "node " + node;
        }
    }

    /**
     * Refuses a placement that the cluster cannot give now: a region without nodes, a tolerance that its nodes do not reach.
     *
     * @throws io.atlasdb.proto.AtlasException {@code INVALID_DEFINITION} with the reason
     */
    void check(Placement placement);

    /**
     * The same for a group that exists, whose members will follow: what it tolerates today does not go down unless the
     * placement says so.
     *
     * @throws io.atlasdb.proto.AtlasException {@code INVALID_DEFINITION} with the reason
     */
    default void check(long group, Placement placement) {
        check(placement);
    }

    /**
     * Lets the owner of a group hand it over now; returns once the new one has it, or it is clear that it will not.
     *
     * @throws io.atlasdb.proto.AtlasException {@code INVALID_DEFINITION} for a target that holds no voter of the group, {@code
     *     UNREACHABLE}, {@code NO_QUORUM}, {@code OWNER_MOVED}
     */
    void moveOwner(long group, Target target);
}
