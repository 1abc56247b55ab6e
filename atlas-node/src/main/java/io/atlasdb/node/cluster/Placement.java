package io.atlasdb.node.cluster;

/** What users asked for their groups. Asked often, from any thread; never waits. */
@FunctionalInterface
public interface Placement {
    /** Where a group may live; the default when nobody said anything. */
    io.atlasdb.sql.store.Placement of(long group);
}
