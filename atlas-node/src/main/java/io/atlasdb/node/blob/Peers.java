package io.atlasdb.node.blob;

import io.atlasdb.node.consensus.Configuration;
import io.atlasdb.node.replica.Link;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** The other members of groups, and the chunks that they hold. */
final class Peers {
    /** How long a member may take for a chunk, milliseconds. */
    static final long CALL_MS = 20_000;

    final int self;
    private final Link link;
    private final LongFunction<@Nullable Configuration> members;

    /** {@code members} gives those of a group, null when this node does not know it. */
    Peers(int self, Link link, LongFunction<@Nullable Configuration> members) {
        this.self = self;
        this.link = link;
        this.members = members;
    }

    @Nullable
    Configuration members(long group) {
        return members.apply(group);
    }

    boolean isConnected(int node) {
        return link.isConnected(node);
    }

    CompletableFuture<byte[]> call(int node, byte[] request) {
        return link.call(node, Link.Service.BLOB, request, CALL_MS);
    }

    /** A chunk from another member of a group, the nearest first; null when none has it. */
    byte @Nullable [] fetch(long group, ChunkName name) {
        Configuration configuration = members(group);
        if (configuration == null) {
            return null;
        }
        List<Integer> nodes = new ArrayList<>(configuration.members());
        nodes.removeIf(node -> node == self || !link.isConnected(node));
        nodes.sort(Comparator.comparingLong(link::rttMicros));
        for (int node : nodes) {
            try {
                byte[] bytes = await(call(node, Messages.get(name)));
                if (bytes.length > 0 && ChunkName.of(bytes, 0, bytes.length).equals(name)) {
                    return bytes;
                }
            } catch (AtlasException e) {
                if (e.code() == ErrorCode.CANCELLED) {
                    throw e;
                }
            }
        }
        return null;
    }

    /**
     * The answer of a call.
     *
     * @throws AtlasException of the other node, {@code UNREACHABLE}, {@code CANCELLED} when the thread is interrupted
     */
    static byte[] await(CompletableFuture<byte[]> call) {
        try {
            return call.get(2 * CALL_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ErrorCode.CANCELLED.error();
        } catch (TimeoutException e) {
            throw ErrorCode.UNREACHABLE.error(e, "with a chunk", "it did not answer");
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            throw cause instanceof AtlasException known
                    ? known
                    : ErrorCode.INTERNAL.error(cause, "in asking for a chunk");
        }
    }
}
