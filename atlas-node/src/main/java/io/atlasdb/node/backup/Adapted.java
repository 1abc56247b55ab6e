package io.atlasdb.node.backup;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.Placement;
import io.atlasdb.sql.store.Placements;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Where the groups of a backup shall live in the cluster that it comes into. */
final class Adapted {
    private static final String PIN = "pin:";

    private Adapted() {}

    /**
     * The placements by group: those of the backup, or where the cluster cannot give one and {@code adapt} allows it, none.
     *
     * @throws AtlasException {@code CANNOT_RESTORE} with all that cannot be given
     */
    static Map<Long, Placement> of(Manifest manifest, Placements cluster, boolean adapt) {
        Map<Long, Placement> placements = new TreeMap<>();
        List<String> refused = new ArrayList<>();
        manifest.groups().forEach((group, held) -> {
            Placement wanted = held.placement();
            try {
                cluster.check(wanted);
                placements.put(group, wanted);
            } catch (AtlasException e) {
                refused.add(
                        held.tables().isEmpty()
                                ? "group " + group
                                : held.tables().get(0));
                refused.add(e.getMessage());
                String policy = wanted.ownerPolicy();
                placements.put(
                        group, policy.startsWith(PIN) ? Placement.DEFAULT : Placement.DEFAULT.withOwnerPolicy(policy));
            }
        });
        if (!refused.isEmpty() && !adapt) {
            throw ErrorCode.CANNOT_RESTORE.error(
                    "the placement of " + refused.size() / 2 + " groups cannot be given, as of "
                            + refused.get(0) + ": " + refused.get(1)
                            + "; add nodes, or let go of such placements with --adapt-placement");
        }
        return placements;
    }
}
