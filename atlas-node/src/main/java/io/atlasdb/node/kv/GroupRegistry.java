package io.atlasdb.node.kv;

import io.atlasdb.node.consensus.Configuration;
import io.atlasdb.node.replica.StateMachine;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.Placement;
import io.atlasdb.sql.store.Store;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The members that each group began with: a row of group 0, written once, before the group's first entry, so that no two nodes
 * can begin the same group with different ones. Later changes stand in the group's own log.
 */
final class GroupRegistry {
    /** Keys of group 0 that begin with it are followed by the group, 64 bits. */
    private static final byte SPACE = 0x20;
    /** Below every version, so that any version of the row is a conflict. */
    private static final long BEGINNING = 1;

    private final KvStore store;
    private final StateMachine machine;
    private final Function<Placement, Configuration> members;
    private final Map<Long, Configuration> known = new ConcurrentHashMap<>();

    /** {@code members} names those of a group that is made now, by its placement. */
    GroupRegistry(KvStore store, StateMachine machine, Function<Placement, Configuration> members) {
        this.store = store;
        this.machine = machine;
        this.members = members;
    }

    private static byte[] key(long group) {
        return ByteBuffer.allocate(9).put(SPACE).putLong(group).array();
    }

    /** The members that a group began with, as far as this node has applied group 0; null when it has none. */
    @Nullable
    Configuration find(long group) {
        Configuration found = known.get(group);
        if (found == null) {
            byte[] stored = machine.get(Store.SYSTEM_GROUP, key(group), Long.MAX_VALUE);
            if (stored != null) {
                found = Configuration.decode(stored);
                known.put(group, found);
            }
        }
        return found;
    }

    /** Registers a group unless it is, with members as its placement asks; completes once {@link #find} knows it here. */
    CompletableFuture<Void> register(long group, Placement placement) {
        if (group == Store.SYSTEM_GROUP || find(group) != null) {
            return CompletableFuture.completedFuture(null);
        }
        Part part = new Part();
        part.puts.add(new Command.Put(key(group), members.apply(placement).encode()));
        part.ranges.add(KeyRange.of(Store.SYSTEM_GROUP, key(group)));
        return store.ask(Store.SYSTEM_GROUP, new Request.Write(null, BEGINNING, part))
                .handle((done, failure) -> {
                    Throwable cause = failure == null ? null : Router.unwrap(failure);
                    boolean exists = cause instanceof AtlasException known && known.code() == ErrorCode.SERIALIZATION;
                    if (failure == null) {
                        return store.whenApplied(Store.SYSTEM_GROUP, done.slot());
                    }
                    return exists ? catchUp() : CompletableFuture.<Void>failedFuture(failure);
                })
                .thenCompose(applied -> applied);
    }

    private CompletableFuture<Void> catchUp() {
        return store.ask(Store.SYSTEM_GROUP, new Request.Position(store.clock().next(), true, false))
                .thenCompose(answer -> store.whenApplied(Store.SYSTEM_GROUP, answer.slot()));
    }
}
