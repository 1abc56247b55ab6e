package io.atlasdb.node.bench;

import io.atlasdb.proto.ErrorCode;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The nodes of one cluster on the loopback interface, each in a process of its own that can be killed, stopped, continued and
 * started again on its data. Nodes are numbered from 1, in the order of their start.
 *
 * <p>URLs may be asked for by any thread; everything else belongs to one.
 */
public final class ClusterProcesses implements AutoCloseable {
    private static final long SIGNAL_TIMEOUT_SECONDS = 10;
    private static final int PORT_MIN = 20_000;
    private static final int PORT_MAX = 32_000;
    private static final int PORT_TRIES = 100;
    private static final String SECRET = "processes-on-loopback";

    private final Path folder;
    private final int heapMb;
    private final List<List<String>> options = new ArrayList<>();
    private final List<Integer> ports = new ArrayList<>();
    private final List<NodeProcess> nodes = new ArrayList<>();
    private final AtomicReferenceArray<String> urls;

    private ClusterProcesses(Path folder, int count, int heapMb) {
        this.folder = folder;
        this.heapMb = heapMb;
        this.urls = new AtomicReferenceArray<>(count);
    }

    /**
     * Starts the nodes one after the other; returns when each takes connections, which is before the groups that exist have
     * all of them as voters.
     *
     * @param folder holds a folder for each node, {@code n1} and so on, each with its data and its {@code node.log}
     * @param regions the region of each node
     * @param heapMb the largest heap of a node, in MiB
     * @param more further arguments of {@code atlas start} for every node
     */
    public static ClusterProcesses start(Path folder, List<String> regions, int heapMb, List<String> more)
            throws IOException {
        ClusterProcesses cluster = new ClusterProcesses(folder, regions.size(), heapMb);
        try {
            for (String region : regions) {
                cluster.add(region, more);
            }
            return cluster;
        } catch (IOException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private void add(String region, List<String> more) throws IOException {
        int port = quietPort();
        List<String> all = new ArrayList<>(List.of("--credentials", SECRET, "--region", region));
        all.addAll(List.of("--listen", "127.0.0.1:" + port, "--advertise", "127.0.0.1:" + port));
        if (!ports.isEmpty()) {
            all.addAll(List.of("--connect", "127.0.0.1:" + ports.get(0)));
        }
        all.addAll(more);
        options.add(all);
        ports.add(port);
        nodes.add(NodeProcess.start(home(nodes.size() + 1), heapMb, all, port));
        urls.set(nodes.size() - 1, nodes.get(nodes.size() - 1).url());
    }

    /** A free port below those that systems give to outgoing connections, so that it stays free while its node is down. */
    private static int quietPort() throws IOException {
        for (int i = 0; i < PORT_TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(PORT_MIN, PORT_MAX);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException e) {
                // Taken by somebody; the next one may not be.
                assert port >= PORT_MIN && port < PORT_MAX : port;
            }
        }
        throw new IOException("no free port from " + PORT_MIN + " to " + PORT_MAX);
    }

    private Path home(int node) {
        return folder.resolve("n" + node);
    }

    /** How many nodes there are, running or not. */
    public int size() {
        return nodes.size();
    }

    /** A URL to the schema PUBLIC at a node; it changes when the node starts again. */
    public String url(int node) {
        return urls.get(node - 1);
    }

    /** The Unix socket of a node. May be asked for by any thread. */
    public Path socket(int node) {
        return home(node).resolve(NodeProcess.SOCKET);
    }

    /** {@code kill -9}; returns when the process is gone. */
    public void kill(int node) {
        nodes.get(node - 1).kill();
    }

    /** Starts a node that was killed and returns when it takes connections. */
    public void restart(int node) throws IOException {
        NodeProcess started = NodeProcess.start(home(node), heapMb, options.get(node - 1), ports.get(node - 1));
        nodes.set(node - 1, started);
        urls.set(node - 1, started.url());
    }

    /** {@code SIGSTOP}: the node keeps its connections and says nothing more. */
    public void suspend(int node) throws IOException {
        signal("-STOP", node);
    }

    /** {@code SIGCONT}: the node goes on as if no time had passed. */
    public void resume(int node) throws IOException {
        signal("-CONT", node);
    }

    private void signal(String signal, int node) throws IOException {
        String pid = Long.toString(nodes.get(node - 1).pid());
        Process sent = new ProcessBuilder("kill", signal, pid).inheritIO().start();
        try {
            if (!sent.waitFor(SIGNAL_TIMEOUT_SECONDS, TimeUnit.SECONDS) || sent.exitValue() != 0) {
                sent.destroyForcibly();
                throw new IOException("kill " + signal + " " + pid + " of node " + node + " failed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ErrorCode.CANCELLED.error(e);
        }
    }

    /** Ends all processes at once, suspended ones too. */
    @Override
    public void close() {
        nodes.forEach(NodeProcess::kill);
        nodes.clear();
    }
}
