package io.atlasdb.node.cluster;

import io.atlasdb.node.replica.Replica;
import io.atlasdb.node.replica.Replicas;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.Commit;
import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.RowIterator;
import io.atlasdb.sql.store.Snapshot;
import io.atlasdb.sql.store.Store;
import io.atlasdb.sql.store.Write;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of the cluster: rows of group 0. Reads are of what this node has applied; writes are transactions that check what
 * they read, so that no id and no zone is given twice. Safe for any number of threads; writes wait.
 */
public final class Registry {
    /** Keys of group 0: this byte, then the id of a node, 32 bits. */
    private static final byte NODES = 0x21;
    /** Keys of group 0: this byte, then the name of a region; the value is its zone, 32 bits. */
    private static final byte ZONES = 0x22;
    /** Key of group 0 of the name of the cluster. */
    private static final byte[] CLUSTER = {0x23};

    private static final int TRIES_MAX = 20;
    private static final long WRITE_MS = 15_000;

    private final Store store;
    private final Replicas replicas;
    private volatile Nodes known = new Nodes(-1, new TreeMap<>());

    /** What was read, and the slot of group 0 at which that was. */
    private record Nodes(long slot, SortedMap<Integer, NodeRecord> byId) {}

    public Registry(Store store, Replicas replicas) {
        this.store = store;
        this.replicas = replicas;
    }

    /** All nodes that ever were, removed ones included, by id, as far as this node has applied group 0. */
    public SortedMap<Integer, NodeRecord> nodes() {
        Replica system = replicas.find(Store.SYSTEM_GROUP);
        long slot = system == null ? 0 : system.applied().slot();
        Nodes last = known;
        if (last.slot() == slot) {
            return last.byId();
        }
        try (RowIterator rows = replicas.machine()
                .scan(KeyRange.prefix(Store.SYSTEM_GROUP, new byte[] {NODES}), Long.MAX_VALUE, false)) {
            SortedMap<Integer, NodeRecord> found = read(rows);
            if (found.equals(last.byId())) {
                found = last.byId(); // the same object, so that whoever compares sees at once that nothing changed
            }
            known = new Nodes(slot, found);
            return found;
        } catch (AtlasException e) {
            return last.byId(); // group 0 is on its way to this node
        }
    }

    private static SortedMap<Integer, NodeRecord> read(RowIterator rows) {
        SortedMap<Integer, NodeRecord> found = new TreeMap<>();
        while (rows.next()) {
            NodeRecord node = NodeRecord.decode(rows.value());
            found.put(node.id(), node);
        }
        return found;
    }

    /**
     * Registers a node or, when its uuid is known, its present address.
     *
     * @return the node with its id and zone
     * @throws AtlasException {@code MEMBERSHIP} when it was removed or another node has its address; {@code BUSY} while the
     *     founding node, which is number 1, is not registered itself
     */
    public NodeRecord register(String uuid, String region, String host, int port) {
        return register(uuid, region, host, port, false);
    }

    private NodeRecord register(String uuid, String region, String host, int port, boolean founder) {
        return transact(tx -> {
            if (tx.nodes.isEmpty() && !founder) {
                throw ErrorCode.BUSY.error("the cluster is being founded");
            }
            NodeRecord before = null;
            int highest = 0;
            for (NodeRecord node : tx.nodes.values()) {
                highest = Math.max(highest, node.id());
                if (node.uuid().equals(uuid)) {
                    before = node;
                } else if (node.state() != NodeRecord.State.REMOVED
                        && node.host().equals(host)
                        && node.port() == port) {
                    throw ErrorCode.MEMBERSHIP.error(node + " is reached by " + host + ":" + port
                            + " already; give each node its own advertise");
                }
            }
            if (before != null) {
                return again(tx, before, region, host, port);
            }
            NodeRecord node =
                    new NodeRecord(highest + 1, uuid, region, zone(tx, region), host, port, NodeRecord.State.ACTIVE);
            tx.put(node);
            return node;
        });
    }

    private static NodeRecord again(Transaction tx, NodeRecord before, String region, String host, int port) {
        if (before.state() == NodeRecord.State.REMOVED) {
            throw ErrorCode.MEMBERSHIP.error(
                    "node " + before.id() + " was removed from the cluster; start it with an empty data directory");
        }
        if (!before.region().equals(region)) {
            throw ErrorCode.MEMBERSHIP.error("node " + before.id() + " stands in region " + before.region()
                    + ", not in " + region + "; a node keeps its region for life");
        }
        NodeRecord node = before.at(host, port);
        if (!node.equals(before)) {
            tx.put(node);
        }
        return node;
    }

    private static int zone(Transaction tx, String region) {
        byte[] key = key(ZONES, region.getBytes(StandardCharsets.UTF_8));
        KeyRange all = KeyRange.prefix(Store.SYSTEM_GROUP, new byte[] {ZONES});
        tx.reads.add(all);
        int next = 0;
        try (RowIterator rows = tx.snapshot.scan(all, false)) {
            while (rows.next()) {
                int zone = ByteBuffer.wrap(rows.value()).getInt();
                if (java.util.Arrays.equals(rows.key(), key)) {
                    return zone;
                }
                next = Math.max(next, zone + 1);
            }
        }
        tx.writes.add(new Write(
                Store.SYSTEM_GROUP, key, ByteBuffer.allocate(4).putInt(next).array()));
        return next;
    }

    /**
     * Writes the first row: a founding node, in zone 0; and the name of the cluster. Nothing when they stand.
     *
     * @throws AtlasException {@code MEMBERSHIP} when another cluster's name stands there
     */
    public NodeRecord found(String cluster, String uuid, String region, String host, int port) {
        transact(tx -> {
            byte[] name = tx.snapshot.get(Store.SYSTEM_GROUP, CLUSTER);
            tx.reads.add(KeyRange.of(Store.SYSTEM_GROUP, CLUSTER));
            if (name == null) {
                tx.writes.add(new Write(Store.SYSTEM_GROUP, CLUSTER, cluster.getBytes(StandardCharsets.UTF_8)));
            } else if (!cluster.equals(new String(name, StandardCharsets.UTF_8))) {
                throw ErrorCode.MEMBERSHIP.error("the data are of another cluster");
            }
            return cluster;
        });
        return register(uuid, region, host, port, true);
    }

    /** Changes the state of a node. {@code check} sees all nodes as they are and refuses by throwing. */
    public NodeRecord change(int id, NodeRecord.State state, java.util.function.Consumer<List<NodeRecord>> check) {
        return transact(tx -> {
            NodeRecord before = tx.nodes.get(id);
            if (before == null) {
                throw ErrorCode.MEMBERSHIP.error("there is no node " + id);
            }
            if (before.state() == state) {
                return before;
            }
            if (before.state() == NodeRecord.State.REMOVED) {
                throw ErrorCode.MEMBERSHIP.error("node " + id + " was removed, which is for ever");
            }
            check.accept(List.copyOf(tx.nodes.values()));
            NodeRecord after = before.with(state);
            tx.put(after);
            return after;
        });
    }

    private static byte[] key(byte space, byte[] rest) {
        return ByteBuffer.allocate(1 + rest.length).put(space).put(rest).array();
    }

    private static byte[] key(int node) {
        return ByteBuffer.allocate(5).put(NODES).putInt(node).array();
    }

    /** What one attempt read and wants to write. */
    private static final class Transaction {
        final Snapshot snapshot;
        final SortedMap<Integer, NodeRecord> nodes;
        final List<KeyRange> reads = new ArrayList<>();
        final List<Write> writes = new ArrayList<>();

        Transaction(Snapshot snapshot) {
            this.snapshot = snapshot;
            KeyRange all = KeyRange.prefix(Store.SYSTEM_GROUP, new byte[] {NODES});
            reads.add(all);
            try (RowIterator rows = snapshot.scan(all, false)) {
                nodes = read(rows);
            }
        }

        void put(NodeRecord node) {
            writes.add(new Write(Store.SYSTEM_GROUP, key(node.id()), node.encode()));
        }
    }

    private interface Body<T> {
        T run(Transaction tx);
    }

    private <T> T transact(Body<T> body) {
        AtlasException last = null;
        for (int i = 0; i < TRIES_MAX; i++) {
            try (Snapshot snapshot = store.snapshot()) {
                Transaction tx = new Transaction(snapshot);
                T done = body.run(tx);
                if (!tx.writes.isEmpty()) {
                    commit(new Commit(snapshot.timestamp(), tx.reads, tx.writes, List.of(), List.of()));
                }
                return done;
            } catch (AtlasException e) {
                if (e.code() != ErrorCode.SERIALIZATION && e.code() != ErrorCode.OUTCOME_UNKNOWN) {
                    throw e; // and what may have been written is read again in the next attempt
                }
                last = e;
            }
        }
        throw last == null ? ErrorCode.BUSY.error("the registry of nodes") : last;
    }

    private void commit(Commit commit) {
        try {
            store.commit(commit).get(WRITE_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ErrorCode.CANCELLED.error();
        } catch (TimeoutException e) {
            throw ErrorCode.NO_QUORUM.error(e, "group 0 did not answer within " + WRITE_MS + " ms");
        } catch (ExecutionException e) {
            throw unwrap(e.getCause());
        }
    }

    private static AtlasException unwrap(@Nullable Throwable thrown) {
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        return cause instanceof AtlasException known
                ? known
                : ErrorCode.INTERNAL.error(cause == null ? new IllegalStateException() : cause, "in the registry");
    }
}
