package io.atlasdb.node.kv;

/** Hears, at the owner of a group, from which nodes it is used; called on any thread, must be quick. */
@FunctionalInterface
public interface AccessListener {
    /** A client at {@code node} read or wrote the group. */
    void accessed(long group, int node, boolean isWrite);
}
