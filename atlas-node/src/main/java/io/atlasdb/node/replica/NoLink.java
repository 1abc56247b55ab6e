package io.atlasdb.node.replica;

import io.atlasdb.proto.ErrorCode;
import java.util.concurrent.CompletableFuture;

/** The link of a node that has nobody to speak to. */
public final class NoLink implements Link {
    @Override
    public CompletableFuture<byte[]> call(int node, Service service, byte[] request, long timeoutMs) {
        return CompletableFuture.failedFuture(ErrorCode.UNREACHABLE.error(node, "this node is alone"));
    }

    @Override
    public void serve(Service service, Handler handler) {}

    @Override
    public boolean isConnected(int node) {
        return false;
    }

    @Override
    public long rttMicros(int node) {
        return -1;
    }
}
