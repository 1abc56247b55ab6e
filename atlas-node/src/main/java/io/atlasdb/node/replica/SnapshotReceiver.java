package io.atlasdb.node.replica;

import io.atlasdb.node.consensus.Ballot;
import io.atlasdb.node.consensus.Configuration;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes snapshots of groups from other members. At most a few at a time, at a bounded rate; what begins goes on until it is
 * complete, from whichever member can give it.
 */
final class SnapshotReceiver implements SnapshotSource {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotReceiver.class);

    final Replicas replicas;
    final Link link;
    final Executor disk;
    private final Options options;
    /** Running and waiting ones, by group. */
    private final Map<Long, SnapshotTransfer> transfers = new LinkedHashMap<>();

    private final Deque<SnapshotTransfer> waiting = new ArrayDeque<>();
    private int running;
    private long paceMs = Long.MIN_VALUE;
    private boolean closed;

    /**
     * How snapshots travel.
     *
     * @param bytesPerSecond of all snapshots that this node takes together
     * @param atOnceMax groups at the same time
     * @param pageBytes of one request
     */
    public record Options(long bytesPerSecond, int atOnceMax, int pageBytes) {
        /** 32 MiB/s: a fraction of what a disk takes, so that other writes wait little. */
        public static final Options DEFAULT = new Options(32 << 20, 2, 256 << 10);
    }

    SnapshotReceiver(Replicas replicas, Link link, Executor disk, Options options) {
        this.replicas = replicas;
        this.link = link;
        this.disk = disk;
        this.options = options;
    }

    int pageBytes() {
        return options.pageBytes();
    }

    @Override
    public void take(Replica replica, int member) {
        SnapshotTransfer begun = null;
        synchronized (this) {
            SnapshotTransfer present = transfers.get(replica.group());
            if (present != null) {
                present.offer(member);
            } else if (!closed) {
                SnapshotTransfer transfer = new SnapshotTransfer(this, replica, member);
                transfers.put(replica.group(), transfer);
                if (running < options.atOnceMax()) {
                    running++;
                    begun = transfer;
                } else {
                    waiting.add(transfer);
                }
            }
        }
        if (begun != null) {
            begun.start();
        }
    }

    /** A group whose installation was cut short by a crash: it is taken again, from any member. */
    void again(Replica replica) {
        Configuration configuration = replica.configuration();
        if (configuration == null) {
            return; // it is taken when the members are learned, or from an owner that says something
        }
        for (int member : configuration.members()) {
            if (member != replicas.self()) {
                take(replica, member);
            }
        }
    }

    /** See {@link Replicas#depart}. */
    CompletableFuture<Boolean> depart(Replica replica, Position position, Configuration at) {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        replica.execute(() -> {
            if (isComing(replica.group()) || !replica.depart(position, at)) {
                done.complete(false);
                return;
            }
            try {
                disk.execute(() -> remove(replica.group(), position, at, done));
            } catch (RejectedExecutionException e) {
                done.completeExceptionally(e); // what this node forgot it finds again after a restart
            }
        });
        return done;
    }

    private synchronized boolean isComing(long group) {
        SnapshotTransfer transfer = transfers.get(group);
        return transfer != null && transfer.isComing();
    }

    private void remove(long group, Position position, Configuration at, CompletableFuture<Boolean> done) {
        try {
            byte[] members = at.encode();
            replicas.machine().beginInstall(group, false);
            replicas.machine().finishInstall(group, Installation.departure(position, members), List.of());
            LogRecord state = new LogRecord.GroupState(group, Ballot.NONE, 0, 0, position, members);
            replicas.checkpoint(List.of(state), () -> done.complete(true));
        } catch (RuntimeException e) {
            done.completeExceptionally(e);
        }
    }

    /** A transfer is over. */
    void ended(SnapshotTransfer transfer) {
        SnapshotTransfer next;
        synchronized (this) {
            transfers.remove(transfer.group(), transfer);
            next = closed ? null : waiting.poll();
            if (next == null) {
                running--;
            }
        }
        if (next != null) {
            next.start();
        }
    }

    /** How long to wait before the next page, since so many bytes came. */
    synchronized long pauseMs(long nowMs, long bytes) {
        paceMs = Math.max(nowMs, paceMs) + bytes * 1_000 / options.bytesPerSecond();
        return paceMs - nowMs;
    }

    /** What is on its way. */
    synchronized List<SnapshotProgress> progress() {
        List<SnapshotProgress> all = new ArrayList<>();
        transfers.values().forEach(transfer -> all.add(transfer.progress()));
        return all;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    synchronized void close() {
        closed = true;
        waiting.clear();
    }

    static Throwable unwrap(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** Whether asking the same question again may help. */
    static boolean isLost(Throwable failure) {
        return !(failure instanceof AtlasException known) || known.code() == ErrorCode.UNREACHABLE;
    }

    static void log(String what, Object... values) {
        LOG.info(what, values);
    }
}
