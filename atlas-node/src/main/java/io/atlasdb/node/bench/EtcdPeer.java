package io.atlasdb.node.bench;

import io.atlasdb.proto.ErrorCode;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** etcd on three loopback nodes, with its defaults: every entry is forced to disk by a majority before it is acknowledged. */
final class EtcdPeer implements KvPeer {
    private static final int NODES = 3;
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final Pattern READY =
            Pattern.compile("serving insecure client requests|ready to serve client requests");

    private final List<ChildProcess> processes = new ArrayList<>();
    private int leaderPort;

    private EtcdPeer() {}

    /** The program, when it is installed. */
    static Optional<Path> binary() {
        return Stream.of("/usr/bin/etcd", "/usr/local/bin/etcd")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Starts the nodes, all at once, since none is ready before most are there; clients talk to the leader. */
    static EtcdPeer start(Path binary, Path folder) throws IOException {
        EtcdPeer peer = new EtcdPeer();
        Files.createDirectories(folder);
        List<Integer> ports = freePorts(2 * NODES);
        List<String> members = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            members.add("n" + i + "=http://127.0.0.1:" + ports.get(NODES + i));
        }
        List<Thread> starters = new ArrayList<>();
        List<Exception> failures = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            List<String> command = command(binary, folder, i, ports, String.join(",", members));
            Path log = folder.resolve("n" + i + ".log");
            Thread starter = new Thread(() -> peer.run(command, log, failures), "start-etcd");
            starter.start();
            starters.add(starter);
        }
        try {
            for (Thread starter : starters) {
                starter.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            peer.close();
            throw ErrorCode.CANCELLED.error(e);
        }
        if (!failures.isEmpty()) {
            peer.close();
            throw ErrorCode.CANNOT_CONNECT.error(
                    failures.get(0), binary, "it did not start; see the logs in " + folder);
        }
        peer.leaderPort = leader(ports.subList(0, NODES));
        return peer;
    }

    private void run(List<String> command, Path log, List<Exception> failures) {
        try {
            ChildProcess process = ChildProcess.start(command, log, READY, START_TIMEOUT);
            synchronized (processes) {
                processes.add(process);
            }
        } catch (IOException | RuntimeException e) {
            synchronized (processes) {
                failures.add(e);
            }
        }
    }

    private static List<String> command(Path binary, Path folder, int node, List<Integer> ports, String members) {
        String client = "http://127.0.0.1:" + ports.get(node);
        String peer = "http://127.0.0.1:" + ports.get(NODES + node);
        List<String> command = new ArrayList<>(List.of(binary.toString(), "--name", "n" + node));
        command.addAll(List.of("--data-dir", folder.resolve("n" + node).toString()));
        command.addAll(List.of("--listen-client-urls", client, "--advertise-client-urls", client));
        command.addAll(List.of("--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer));
        command.addAll(List.of("--initial-cluster", members, "--initial-cluster-state", "new"));
        return command;
    }

    private static int leader(List<Integer> ports) throws IOException {
        for (int port : ports) {
            try (EtcdClient client = new EtcdClient(port)) {
                if (client.leads()) {
                    return port;
                }
            }
        }
        throw new IOException("no node of etcd leads");
    }

    /** Ports that are free now; all are held until the last is known, so that they differ. */
    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        List<Integer> ports = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                ServerSocket socket = new ServerSocket(0);
                sockets.add(socket);
                ports.add(socket.getLocalPort());
            }
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
        return ports;
    }

    @Override
    public String name() {
        return "etcd";
    }

    @Override
    public String durability() {
        return "three nodes on loopback, gRPC to the leader, a majority forces each put to disk (its default)";
    }

    @Override
    public Connection connect() {
        return new EtcdClient(leaderPort);
    }

    @Override
    public void close() {
        synchronized (processes) {
            processes.forEach(ChildProcess::close);
            processes.clear();
        }
    }
}
