package io.atlasdb.node.consensus;

/**
 * What stands in a slot of a group's log.
 *
 * @param slot 1 and up, without gaps
 * @param hash of (hash of the slot before, slot, kind, timestamp, payload); never of the ballot
 * @param timestamp hybrid logical, strictly increasing with the slots of a group
 * @param payload what {@code kv} encoded; not looked into here
 */
@SuppressWarnings("ArrayRecordComponent")
public record Entry(long slot, Hash hash, Kind kind, long timestamp, byte[] payload) {
    /** What an entry is for. Codes are stored and never change. */
    public enum Kind {
        /** The voters of the group from this slot on. */
        CONFIGURATION(1),
        /** A command for the state machine. */
        COMMAND(2),
        /** Nothing; the first entry of a new owner. */
        NOOP(3);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        /** The stored code, 1–255. */
        public int code() {
            return code;
        }

        /** The kind with that code. */
        public static Kind of(int code) {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("unknown kind of entry " + code);
        }
    }
}
