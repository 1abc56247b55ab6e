package io.atlasdb.node.demo;

import io.atlasdb.node.config.AtlasConfig;
import io.atlasdb.node.config.ConfigLoader;
import io.atlasdb.node.server.Node;
import io.atlasdb.proto.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * A cluster of several regions in this process, on loopback and in a temporary folder. What nodes of different regions send to
 * each other is held back by half the round trip of their regions, from {@link #separate} on.
 */
public final class EmulatedCluster implements AutoCloseable {
    private static final double NANOS_PER_MS = 1e6;

    private final Options options;
    private final Path folder;
    private final List<Node> nodes = new ArrayList<>();
    private volatile boolean separated;

    /**
     * How large it is.
     *
     * @param wan the regions and their distances
     * @param nodesPerRegion 1 to 9
     * @param fn node failures to tolerate in each region; negative: as many as their number allows, 1 at the most
     * @param fz region failures to tolerate; negative: 1 from three regions on, else 0
     */
    public record Options(Wan wan, int nodesPerRegion, int fn, int fz) {
        /** Five regions in one process with three nodes each are what was tried. */
        static final int NODES_MAX = 45;

        public Options {
            int count = wan.regions().size() * nodesPerRegion;
            if (nodesPerRegion < 1 || count > NODES_MAX) {
                throw ErrorCode.INVALID_PARAMETER.error(
                        "--nodes-per-region", nodesPerRegion, "1 to " + NODES_MAX + " nodes in all are possible");
            }
        }

        private String fnText() {
            return Integer.toString(fn >= 0 ? fn : Math.min(1, (nodesPerRegion - 1) / 2));
        }

        private String fzText() {
            return fz >= 0 ? Integer.toString(fz) : "auto";
        }
    }

    private EmulatedCluster(Options options, Path folder) {
        this.options = options;
        this.folder = folder;
    }

    /**
     * Starts the nodes, region by region; returns when all of them are members.
     *
     * @param started hears of each node that runs: its number, from 1, and its region
     */
    public static EmulatedCluster start(Options options, BiConsumer<Integer, String> started) throws IOException {
        EmulatedCluster cluster = new EmulatedCluster(options, Files.createTempDirectory("atlas-regions-"));
        try {
            for (String region : options.wan().regions()) {
                for (int i = 0; i < options.nodesPerRegion(); i++) {
                    cluster.nodes.add(Node.start(cluster.config(region), cluster::oneWayNanos));
                    started.accept(cluster.nodes.size(), region);
                }
            }
            return cluster;
        } catch (RuntimeException | Error e) {
            cluster.close();
            throw e;
        }
    }

    private AtlasConfig config(String region) {
        Path home = folder.resolve("n" + (nodes.size() + 1));
        Map<String, String> settings = new TreeMap<>();
        settings.put("db_path", home.toString());
        settings.put("client_listen", "127.0.0.1:0");
        settings.put("listen", "127.0.0.1:0");
        settings.put("advertise", "127.0.0.1:0");
        settings.put("region", region);
        settings.put("credentials", "regions-in-one-process");
        settings.put("max_cache_size", "16M");
        settings.put("fn", options.fnText());
        settings.put("fz", options.fzText());
        if (!nodes.isEmpty()) {
            settings.put("connect", "127.0.0.1:" + nodes.get(0).advertise().port());
        }
        return ConfigLoader.load(null, Map.of(), settings);
    }

    /** Nodes are numbered in the order in which they joined. */
    private long oneWayNanos(int from, int to) {
        if (!separated || from < 1 || to < 1) {
            return 0;
        }
        return Math.round(options.wan().ms(region(from), region(to)) / 2 * NANOS_PER_MS);
    }

    private String region(int node) {
        List<String> regions = options.wan().regions();
        return regions.get(Math.min(regions.size() - 1, (node - 1) / options.nodesPerRegion()));
    }

    /** From now on the regions are as far apart as they should be. */
    public void separate() {
        separated = true;
    }

    /** The regions, in their order. */
    public List<String> regions() {
        return options.wan().regions();
    }

    /** The first node of a region. */
    public Node node(String region) {
        int at = regions().indexOf(region);
        if (at < 0) {
            throw ErrorCode.INVALID_PARAMETER.error("region", region, "there are " + String.join(", ", regions()));
        }
        return nodes.get(at * options.nodesPerRegion());
    }

    /** What the driver connects to in a region. */
    public String url(String region) {
        return "jdbc:atlas://127.0.0.1:" + node(region).clientPort() + "/";
    }

    /** Ends the nodes and removes their folder. */
    @Override
    public void close() {
        try {
            for (int i = nodes.size() - 1; i >= 0; i--) {
                nodes.get(i).close();
            }
        } finally {
            delete(folder);
        }
    }

    static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException e) {
            // Somebody was faster.
        } catch (IOException e) {
            throw new UncheckedIOException("the folder " + folder + " cannot be removed", e);
        }
    }
}
