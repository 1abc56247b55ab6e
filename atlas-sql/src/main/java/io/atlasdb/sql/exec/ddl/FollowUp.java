package io.atlasdb.sql.exec.ddl;

import java.util.List;

/**
 * What is left to be done once the transaction of a statement has committed; nothing of it when the transaction was rolled back.
 *
 * @param builds indexes to be filled; the statement is not done before they are
 * @param purges indexes that are gone and whose entries still take space; may be done in the background
 */
public record FollowUp(List<Build> builds, List<Purge> purges) {
    /** Nothing to do. */
    public static final FollowUp NONE = new FollowUp(List.of(), List.of());

    public FollowUp {
        builds = List.copyOf(builds);
        purges = List.copyOf(purges);
    }

    public boolean isEmpty() {
        return builds.isEmpty() && purges.isEmpty();
    }

    static FollowUp build(long table, int index) {
        return new FollowUp(List.of(new Build(table, index)), List.of());
    }

    static FollowUp purge(long table, int index) {
        return new FollowUp(List.of(), List.of(new Purge(table, index)));
    }

    /** An index in state BUILDING, by the ids of its table and itself. */
    public record Build(long table, int index) {}

    /** An index that its table no longer has. */
    public record Purge(long table, int index) {}
}
