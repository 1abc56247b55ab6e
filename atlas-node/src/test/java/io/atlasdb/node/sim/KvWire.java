package io.atlasdb.node.sim;

import io.atlasdb.node.consensus.Message;
import io.atlasdb.node.replica.Link;
import io.atlasdb.node.replica.Network;
import io.atlasdb.proto.ErrorCode;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One node's end of all links in one life: messages and calls that are lost, doubled, late, and overtake each other. */
final class KvWire implements Network, Link {
    private final KvWorld world;
    private final KvNode node;
    private final int life;
    private final Map<Service, Handler> handlers = new EnumMap<>(Service.class);

    KvWire(KvWorld world, KvNode node, int life) {
        this.world = world;
        this.node = node;
        this.life = life;
    }

    private boolean isAlive() {
        return node.isUp() && node.life() == life;
    }

    private long delayMicros(int to) {
        Chance chance = world.chance();
        long delay = world.isNear(node.id, to) ? chance.micros(100, 900) : chance.micros(3_000, 9_000);
        return chance.perMille(world.lossPerMille()) ? delay + chance.micros(0, 200_000) : delay;
    }

    private boolean loses(int to) {
        return world.isCut(node.id, to) || world.chance().perMille(world.lossPerMille());
    }

    @Override
    public void send(int to, long group, Message message) {
        if (!isAlive()) {
            return;
        }
        if (loses(to)) {
            world.wakeLater(node.id, to);
            return;
        }
        int times = world.chance().perMille(world.lossPerMille() / 2) ? 2 : 1;
        while (times-- > 0) {
            world.events().after(delayMicros(to), () -> {
                KvNode receiver = world.node(to);
                if (receiver.isUp()) {
                    receiver.replicas().receive(node.id, group, message);
                } else {
                    world.wakeLater(node.id, to);
                }
            });
        }
    }

    @Override
    public CompletableFuture<byte[]> call(int to, Service service, byte[] request, long timeoutMs) {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        world.events().after(Math.min(timeoutMs * 1_000, world.chance().micros(200_000, 6_000_000)), () -> {
            if (isAlive()) {
                answer.completeExceptionally(ErrorCode.UNREACHABLE.error(to, "no answer came"));
            }
        });
        int times = loses(to) ? 0 : 1;
        while (times-- > 0) {
            world.events().after(delayMicros(to), () -> serve(to, service, request, answer));
        }
        return answer;
    }

    private void serve(int to, Service service, byte[] request, CompletableFuture<byte[]> answer) {
        KvWire other = world.node(to).wire();
        Handler handler = other == null ? null : other.handlers.get(service);
        if (other != null && handler != null) {
            handler.handle(node.id, request)
                    .whenComplete((bytes, failure) -> other.answer(this, answer, bytes, failure));
        }
    }

    private void answer(
            KvWire asker, CompletableFuture<byte[]> answer, byte @Nullable [] bytes, @Nullable Throwable failure) {
        if (isAlive() && !loses(asker.node.id)) {
            world.events().after(delayMicros(asker.node.id), () -> {
                if (!asker.isAlive()) {
                    return;
                }
                if (failure == null) {
                    answer.complete(bytes);
                } else {
                    answer.completeExceptionally(failure);
                }
            });
        }
    }

    @Override
    public void serve(Service service, Handler handler) {
        handlers.put(service, handler);
    }

    @Override
    public boolean isConnected(int other) {
        return other == node.id
                || (!world.isCut(node.id, other) && world.node(other).isUp());
    }

    @Override
    public long rttMicros(int other) {
        return other == node.id ? 0 : world.isNear(node.id, other) ? 1_000 : 12_000;
    }
}
