package io.atlasdb.node.blob;

import io.atlasdb.node.consensus.Configuration;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings chunks to the voters of a group, each of which is asked first what it lacks. It is done when a phase-2 quorum has them
 * all on disk; to the other voters they go on.
 */
final class Spread {
    private static final Logger LOG = LoggerFactory.getLogger(Spread.class);
    /** How long a voter may make no progress before it is given up, milliseconds. */
    private static final long PATIENCE_MS = 30_000;

    private static final long RETRY_MS = 250;
    /** Chunks on their way to one voter at a time. */
    private static final int WINDOW = 2;

    private final ChunkStore store;
    private final Peers peers;
    private final ScheduledExecutorService workers;
    private final LongSupplier nowMs;
    private final long group;
    private final Configuration configuration;
    private final List<ChunkName> names;
    private final CompletableFuture<Set<Integer>> done = new CompletableFuture<>();
    private final Set<Integer> holders = new HashSet<>();
    private int underWay;

    Spread(
            ChunkStore store,
            Peers peers,
            ScheduledExecutorService workers,
            LongSupplier nowMs,
            long group,
            Configuration configuration,
            Set<ChunkName> names) {
        this.store = store;
        this.peers = peers;
        this.workers = workers;
        this.nowMs = nowMs;
        this.group = group;
        this.configuration = configuration;
        this.names = List.copyOf(names);
    }

    /** Completes with the nodes that hold every chunk; {@code NO_QUORUM} when too few could be reached. */
    CompletableFuture<Set<Integer>> run() {
        List<Integer> voters =
                configuration.voters().stream().map(Configuration.Voter::node).toList();
        synchronized (this) {
            underWay = voters.size();
        }
        for (int voter : voters) {
            later(voter, new AtomicLong(nowMs.getAsLong()), 0);
        }
        return done;
    }

    private void later(int voter, AtomicLong progressMs, long delayMs) {
        try {
            workers.schedule(() -> bring(voter, progressMs), delayMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            ended(voter, false);
        }
    }

    /** {@code progressMs} is when the voter last took something. */
    private void bring(int voter, AtomicLong progressMs) {
        try {
            if (voter == peers.self) {
                bringHere();
                ended(voter, true);
                return;
            }
            if (peers.isConnected(voter)) {
                List<ChunkName> lacking = lacking(voter);
                progressMs.set(nowMs.getAsLong());
                send(voter, lacking, progressMs);
                ended(voter, true);
                return;
            }
        } catch (AtlasException e) {
            LOG.debug("node {} does not take chunks of group {}", voter, group, e);
        } catch (RuntimeException e) {
            LOG.warn("chunks of group {} cannot be brought to node {}", group, voter, e);
            ended(voter, false);
            return;
        }
        if (nowMs.getAsLong() - progressMs.get() > PATIENCE_MS) {
            ended(voter, false);
        } else {
            later(voter, progressMs, RETRY_MS);
        }
    }

    private void bringHere() {
        for (ChunkName name : names) {
            if (!store.has(name)) {
                byte[] bytes = bytes(name);
                store.take(name, bytes, 0, bytes.length);
            }
        }
        store.force();
    }

    private List<ChunkName> lacking(int voter) {
        List<ChunkName> lacking = new ArrayList<>();
        for (int from = 0; from < names.size(); from += Messages.NAMES_MAX) {
            List<ChunkName> asked = names.subList(from, Math.min(names.size(), from + Messages.NAMES_MAX));
            byte[] there = Peers.await(peers.call(voter, Messages.has(asked)));
            for (int i = 0; i < asked.size(); i++) {
                if (i >= there.length || there[i] == 0) {
                    lacking.add(asked.get(i));
                }
            }
        }
        return lacking;
    }

    private void send(int voter, List<ChunkName> lacking, AtomicLong progressMs) {
        Deque<CompletableFuture<byte[]>> sent = new ArrayDeque<>();
        for (ChunkName name : lacking) {
            if (sent.size() >= WINDOW) {
                Peers.await(sent.remove());
                progressMs.set(nowMs.getAsLong());
            }
            sent.add(peers.call(voter, Messages.put(name, bytes(name))));
        }
        sent.forEach(Peers::await);
    }

    private byte[] bytes(ChunkName name) {
        byte[] bytes = store.read(name);
        if (bytes == null) {
            bytes = peers.fetch(group, name);
        }
        if (bytes == null) {
            throw Blobs.missing(name);
        }
        return bytes;
    }

    private void ended(int voter, boolean holds) {
        Set<Integer> quorum = null;
        boolean failed = false;
        synchronized (this) {
            underWay--;
            if (holds) {
                holders.add(voter);
            }
            if (configuration.isPhase2(holders)) {
                quorum = new LinkedHashSet<>(holders);
            } else {
                failed = underWay == 0;
            }
        }
        if (quorum != null) {
            done.complete(quorum);
        } else if (failed) {
            done.completeExceptionally(ErrorCode.NO_QUORUM.error(
                    "a large value could be brought only to the nodes " + holders + " of group " + group));
        }
    }
}
