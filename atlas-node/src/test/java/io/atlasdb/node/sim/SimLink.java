package io.atlasdb.node.sim;

import io.atlasdb.node.replica.Link;
import io.atlasdb.proto.ErrorCode;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Calls between nodes in one life of one of them; question and answer may each be lost, and then the call fails after a while. */
final class SimLink implements Link {
    private final World world;
    private final SimNode node;
    private final int life;
    private final Map<Service, Handler> handlers = new EnumMap<>(Service.class);

    SimLink(World world, SimNode node, int life) {
        this.world = world;
        this.node = node;
        this.life = life;
    }

    @Override
    public CompletableFuture<byte[]> call(int to, Service service, byte[] request, long timeoutMs) {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        world.trace(() -> node.id + " calls " + to + " " + service);
        world.snapshotIsAskedFor();
        world.events().after(world.chance().micros(100_000, 300_000), () -> fail(answer));
        if (!world.network().loses(node.id, to)) {
            world.events().after(world.network().delayMicros(node.id, to), () -> {
                SimLink other = world.node(to).link();
                Handler handler = other == null ? null : other.handlers.get(service);
                if (handler != null) {
                    handler.handle(node.id, request)
                            .whenComplete((bytes, failure) -> answer(to, answer, bytes, failure));
                }
            });
        }
        return answer;
    }

    private void answer(int to, CompletableFuture<byte[]> answer, byte[] bytes, Throwable failure) {
        if (!world.network().loses(to, node.id)) {
            world.events().after(world.network().delayMicros(to, node.id), () -> {
                if (node.isUp() && node.life() == life) {
                    world.trace(() -> node.id + " is answered by " + to + (failure == null ? "" : " " + failure));
                    if (failure != null) {
                        answer.completeExceptionally(failure);
                    } else {
                        answer.complete(bytes);
                    }
                }
            });
        }
    }

    private void fail(CompletableFuture<byte[]> answer) {
        if (node.isUp() && node.life() == life) {
            answer.completeExceptionally(ErrorCode.UNREACHABLE.error("a node", "no answer came"));
        }
    }

    @Override
    public void serve(Service service, Handler handler) {
        handlers.put(service, handler);
    }

    @Override
    public boolean isConnected(int other) {
        return true;
    }

    @Override
    public long rttMicros(int other) {
        return 0;
    }
}
