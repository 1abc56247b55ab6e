package io.atlasdb.node.blob;

import io.atlasdb.node.replica.Link;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.LargeValue;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Answers what other nodes ask about chunks. */
final class ChunkServer implements Link.Handler {
    private final ChunkStore store;
    private final Executor disk;

    ChunkServer(ChunkStore store, Executor disk) {
        this.store = store;
        this.disk = disk;
    }

    @Override
    public CompletableFuture<byte[]> handle(int from, byte[] request) {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        try {
            disk.execute(() -> {
                try {
                    answer.complete(answer(request));
                } catch (RuntimeException e) {
                    answer.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(ErrorCode.BUSY.error(e, "too many chunks are asked for"));
        }
        return answer;
    }

    private byte[] answer(byte[] request) {
        if (request.length == 0) {
            throw Messages.damaged(request);
        }
        return switch (request[0]) {
            case Messages.HAS -> has(Messages.names(request));
            case Messages.PUT -> put(Messages.name(request), request);
            case Messages.GET -> get(Messages.name(request));
            default -> throw Messages.damaged(request);
        };
    }

    private byte[] has(List<ChunkName> names) {
        byte[] answer = new byte[names.size()];
        for (int i = 0; i < answer.length; i++) {
            answer[i] = (byte) (store.has(names.get(i)) ? 1 : 0);
        }
        store.force(); // a name may have been given just now and not be durable
        return answer;
    }

    private byte[] put(ChunkName name, byte[] request) {
        int length = request.length - Messages.bytesAt();
        if (length > LargeValue.CHUNK_BYTES
                || !ChunkName.of(request, Messages.bytesAt(), length).equals(name)) {
            throw Messages.damaged(request);
        }
        store.take(name, request, Messages.bytesAt(), length);
        return new byte[0];
    }

    private byte[] get(ChunkName name) {
        byte[] bytes = store.read(name);
        return bytes == null ? new byte[0] : bytes;
    }
}
