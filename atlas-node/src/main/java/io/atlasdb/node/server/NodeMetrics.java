package io.atlasdb.node.server;

import io.atlasdb.node.kv.KvStore;
import io.atlasdb.node.metrics.Metrics;
import io.atlasdb.node.replica.Replicas;
import io.atlasdb.node.transport.GrpcTransport;
import io.atlasdb.sql.session.Sessions;

/** The gauges of a node that no single part owns. */
final class NodeMetrics {
    private NodeMetrics() {}

    static void register(Metrics metrics, Replicas replicas, KvStore store, Sessions sessions) {
        metrics.gauge(
                "atlas_store_disk_bytes",
                "Bytes of the store's files.",
                () -> replicas.machine().bytesOnDisk());
        metrics.gauge("atlas_store_groups", "Groups of this node.", () -> store.groupCount());
        metrics.gauge(
                "atlas_log_full", "1 while writes are refused for want of disk space.", () -> store.isFull() ? 1 : 0);
        metrics.gauge("atlas_commit_in_flight_bytes", "Bytes of writes in flight.", store::inFlightBytes);
        metrics.gauge("atlas_snapshot_open", "Snapshots that are open.", store::openSnapshots);
        GrpcTransport.declare(metrics);
        metrics.gauge("atlas_sql_memory_bytes", "Bytes that running statements hold.", sessions::memoryBytes);
    }
}
