package io.atlasdb.node.cluster;

import java.util.Set;

/** Where groups may be. Asked often, from any thread; never waits. */
@FunctionalInterface
public interface Placement {
    /** The regions that a group is restricted to; empty for none. */
    Set<String> regions(long group);
}
