package io.atlasdb.node.replica;

import io.atlasdb.node.clock.HybridClock;
import io.atlasdb.node.consensus.Configuration;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.Limits;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Gives snapshots of groups to other members, page by page. A session holds the state at one position; while it lasts, the
 * entries above that position are kept, so that the receiver can go on from there.
 */
final class SnapshotServer implements Link.Handler {
    /** Each holds pages of the store that cannot be used again until it ends. */
    private static final int SESSIONS_MAX = 16;

    private static final long IDLE_MS_MAX = 60_000;
    private static final int PAGE_BYTES_MAX = 8 << 20;

    private final Replicas replicas;
    private final Executor disk;
    private final Map<Long, Session> sessions = new ConcurrentHashMap<>();
    private final AtomicLong numbers;

    private static final class Session {
        final Replica replica;
        final int receiver;
        final Export export;
        final long since;
        volatile long usedAtMs;
        private boolean closed;

        Session(Replica replica, int receiver, Export export, long since) {
            this.replica = replica;
            this.receiver = receiver;
            this.export = export;
            this.since = since;
            this.usedAtMs = replica.nowMs();
        }

        synchronized Export.Page page(SnapshotMessages.Next next) {
            if (closed) {
                throw unknown();
            }
            int bytesMax = Math.max(1, Math.min(PAGE_BYTES_MAX, next.bytesMax()));
            return next.metas() ? export.metas(next.after(), bytesMax) : export.rows(next.after(), since, bytesMax);
        }

        synchronized void close() {
            closed = true;
            export.close();
        }
    }

    /** {@code firstSession} is another one in each life of the node, so that no session is taken for an older one. */
    SnapshotServer(Replicas replicas, Executor disk, long firstSession) {
        this.replicas = replicas;
        this.disk = disk;
        this.numbers = new AtomicLong(firstSession);
    }

    @Override
    public CompletableFuture<byte[]> handle(int from, byte[] bytes) {
        SnapshotMessages.Request request;
        try {
            request = SnapshotMessages.request(bytes);
        } catch (IllegalArgumentException | java.nio.BufferUnderflowException e) {
            return CompletableFuture.failedFuture(ErrorCode.PROTOCOL.error(e, "a request for a snapshot is damaged"));
        }
        if (request instanceof SnapshotMessages.Open open) {
            return open(from, open);
        }
        if (request instanceof SnapshotMessages.Next next) {
            Session session = sessions.get(next.session());
            if (session == null || session.receiver != from) {
                return CompletableFuture.failedFuture(unknown());
            }
            session.usedAtMs = session.replica.nowMs();
            return CompletableFuture.supplyAsync(() -> SnapshotMessages.encode(session.page(next)), disk);
        }
        end(((SnapshotMessages.Close) request).session());
        return CompletableFuture.completedFuture(new byte[0]);
    }

    private static RuntimeException unknown() {
        return ErrorCode.SNAPSHOT_TOO_OLD.error("an earlier position");
    }

    private CompletableFuture<byte[]> open(int from, SnapshotMessages.Open open) {
        Replica replica = replicas.find(open.group());
        if (replica == null) {
            return CompletableFuture.failedFuture(cannot(open, "it is not here"));
        }
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        replica.execute(() -> {
            try {
                answer.complete(SnapshotMessages.encode(open(from, open, replica)));
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }

    private static RuntimeException cannot(SnapshotMessages.Open open, String why) {
        return ErrorCode.BUSY.error("no snapshot of group " + open.group() + ": " + why);
    }

    /** On the loop of the group, so that nothing of it is applied meanwhile. */
    private SnapshotMessages.Opened open(int from, SnapshotMessages.Open open, Replica replica) {
        Configuration configuration = replica.appliedConfiguration();
        if (replica.isInstalling() || configuration == null || replica.applied().slot() < open.slotMin()) {
            throw cannot(open, "this node has only slot " + replica.applied().slot());
        }
        if (!configuration.hasMember(from)) {
            throw cannot(open, "node " + from + " is no member of it");
        }
        if (sessions.size() >= SESSIONS_MAX) {
            throw cannot(open, "this node gives " + sessions.size() + " already");
        }
        long since = isHeld(open.since(), replica) ? open.since() : 0;
        Session session = new Session(replica, from, replicas.machine().export(open.group()), since);
        long number = numbers.incrementAndGet();
        sessions.put(number, session);
        hold(replica);
        expire(number, session);
        Position position = session.export.position();
        return new SnapshotMessages.Opened(
                number, position, configuration.encode(), since, session.export.rowsEstimate());
    }

    /** Whether all removals after a timestamp are still on record here: collected are only those older than transactions live. */
    private boolean isHeld(long since, Replica replica) {
        long ageMs = HybridClock.millis(replica.applied().timestamp()) - HybridClock.millis(since);
        return since > 0 && since >= replicas.machine().floor(replica.group()) && ageMs < Limits.TRANSACTION_LIFE_MS;
    }

    private void expire(long number, Session session) {
        long leftMs = session.usedAtMs + IDLE_MS_MAX - session.replica.nowMs();
        session.replica.later(Math.max(1, leftMs), () -> {
            if (sessions.get(number) == session) {
                if (session.replica.nowMs() - session.usedAtMs >= IDLE_MS_MAX) {
                    end(number);
                } else {
                    expire(number, session);
                }
            }
        });
    }

    private void end(long number) {
        Session session = sessions.remove(number);
        if (session != null) {
            session.close();
            session.replica.execute(() -> hold(session.replica));
        }
    }

    /** Keeps entries as the sessions of a group need them. On its loop. */
    private void hold(Replica replica) {
        long slot = Long.MAX_VALUE;
        for (Session session : sessions.values()) {
            if (session.replica == replica) {
                slot = Math.min(slot, session.export.position().slot());
            }
        }
        replica.hold(slot);
    }

    /** Ends all sessions. */
    void close() {
        sessions.keySet().forEach(number -> {
            @Nullable Session session = sessions.remove(number);
            if (session != null) {
                session.close();
            }
        });
    }
}
