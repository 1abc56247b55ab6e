package io.atlasdb.node.replica;

import io.atlasdb.node.consensus.Message;
import io.atlasdb.proto.ErrorCode;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Nodes of one process that reach each other by calls; links are cut and calls are refused on demand. */
public final class MemoryLinks {
    private final Map<Integer, Replicas> nodes = new ConcurrentHashMap<>();
    private final Map<Integer, Map<Link.Service, Link.Handler>> handlers = new ConcurrentHashMap<>();
    private final Set<Integer> cut = ConcurrentHashMap.newKeySet();
    private volatile BiFunction<Integer, Link.Service, Boolean> refusing = (to, service) -> false;

    /** Makes a node known to the others. */
    public void add(int node, Replicas replicas) {
        nodes.put(node, replicas);
    }

    /** Takes a node away, as if it had died. */
    public void remove(int node) {
        nodes.remove(node);
        handlers.remove(node);
    }

    /** Neither messages nor calls get to the node or from it. */
    public void cut(int node) {
        cut.add(node);
    }

    public void heal(int node) {
        cut.remove(node);
        nodes.forEach((other, replicas) -> {
            if (other != node) {
                replicas.wake(node);
            }
        });
    }

    /** Calls for which this says so fail as unreachable. */
    public void refuse(BiFunction<Integer, Link.Service, Boolean> calls) {
        refusing = calls;
    }

    private boolean isCut(int a, int b) {
        return cut.contains(a) || cut.contains(b);
    }

    public Network network(int from) {
        return (to, group, message) -> send(from, to, group, message);
    }

    private void send(int from, int to, long group, Message message) {
        Replicas receiver = nodes.get(to);
        if (receiver != null && !isCut(from, to)) {
            receiver.receive(from, group, message);
        }
    }

    public Link link(int from) {
        return new Link() {
            @Override
            public CompletableFuture<byte[]> call(int to, Service service, byte[] request, long timeoutMs) {
                Map<Service, Handler> of = handlers.get(to);
                Handler handler = of == null ? null : of.get(service);
                if (handler == null || isCut(from, to) || refusing.apply(to, service)) {
                    return CompletableFuture.failedFuture(ErrorCode.UNREACHABLE.error(to, "cut"));
                }
                return handler.handle(from, request);
            }

            @Override
            public void serve(Service service, Handler handler) {
                handlers.computeIfAbsent(from, any -> new EnumMap<>(Service.class))
                        .put(service, handler);
            }

            @Override
            public boolean isConnected(int node) {
                return nodes.containsKey(node) && !isCut(from, node);
            }

            @Override
            public long rttMicros(int node) {
                return node == from ? 0 : 100;
            }
        };
    }

    /** Those that are there. */
    public Set<Integer> all() {
        return new HashSet<>(nodes.keySet());
    }

    /** The replicas of a node; null when it is not there. */
    public @Nullable Replicas find(int node) {
        return nodes.get(node);
    }
}
