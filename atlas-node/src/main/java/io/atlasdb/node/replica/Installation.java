package io.atlasdb.node.replica;

/**
 * What a state machine remembers of the last snapshot that was installed for a group.
 *
 * @param complete false from the beginning of an installation to its end; until then the group's state is no state at all
 * @param position what the snapshot brought; {@link Position#START} while it is not complete
 * @param floor reads below this timestamp are not possible here, since older versions were not brought
 * @param configuration the members at that position, encoded
 */
@SuppressWarnings("ArrayRecordComponent")
public record Installation(boolean complete, Position position, long floor, byte[] configuration) {
    /** An installation that began. */
    public static final Installation BEGUN = new Installation(false, Position.START, Long.MAX_VALUE, new byte[0]);

    /** Of a node that left the group: nothing was brought, and nothing can be read. */
    static Installation departure(Position position, byte[] configuration) {
        return new Installation(true, position, Long.MAX_VALUE, configuration);
    }

    boolean isDeparture() {
        return complete && floor == Long.MAX_VALUE;
    }
}
