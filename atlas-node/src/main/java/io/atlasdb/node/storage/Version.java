package io.atlasdb.node.storage;

import org.jspecify.annotations.Nullable;

/** What a key held from a timestamp on; null when it was removed then. */
@SuppressWarnings("ArrayRecordComponent")
record Version(long version, byte @Nullable [] value) {
    boolean removed() {
        return value == null;
    }
}
