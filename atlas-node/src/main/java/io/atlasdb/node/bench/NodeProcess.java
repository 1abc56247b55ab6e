package io.atlasdb.node.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A node of Atlas in a process of its own, started from the class path of this one as {@code atlas start} does it. */
final class NodeProcess implements AutoCloseable {
    /** The name of the file that takes what a node says, in its folder. */
    static final String LOG = "node.log";

    private static final Duration START_TIMEOUT = Duration.ofMinutes(2);
    private static final Pattern READY = Pattern.compile("jdbc:atlas://([^\\s:]+):(\\d+)/");
    private static final String MAIN = "io.atlasdb.node.cli.Main";
    /** Where the launcher has an archive of loaded classes. */
    private static final String ARCHIVE = "atlas.archive";

    private final ChildProcess process;
    private final Path socket;
    private final long startNanos;
    private final int peerPort;

    /** The socket's name in the folder of a node. */
    static final String SOCKET = "atlas.sock";

    private NodeProcess(ChildProcess process, Path socket, long startNanos, int peerPort) {
        this.process = process;
        this.socket = socket;
        this.startNanos = startNanos;
        this.peerPort = peerPort;
    }

    /**
     * Starts a node on a free port and returns when it is ready.
     *
     * @param folder holds the data, the socket and the log {@link #LOG}; made when missing, and short, since the path
     *     of a socket has at most 108 bytes
     * @param heapMb the largest heap of the node, in MiB
     */
    static NodeProcess start(Path folder, int heapMb) throws IOException {
        return start(folder, heapMb, List.of(), 0);
    }

    /**
     * The same as one of a cluster.
     *
     * @param options further arguments of {@code atlas start}
     * @param peerPort where other nodes reach it, as the options say
     */
    static NodeProcess start(Path folder, int heapMb, List<String> options, int peerPort) throws IOException {
        Files.createDirectories(folder);
        Path socket = folder.resolve(SOCKET);
        List<String> command = new ArrayList<>(List.of(java(), "-ea:io.atlasdb...", "-Xms64m", "-Xmx" + heapMb + "m"));
        command.addAll(List.of("-XX:+UseG1GC", "-XX:+ExitOnOutOfMemoryError"));
        String archive = System.getProperty(ARCHIVE);
        if (archive != null) {
            command.addAll(List.of("-XX:SharedArchiveFile=" + archive, "-Xshare:auto", "-Xlog:cds=off"));
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN, "start"));
        command.addAll(List.of("--db-path", folder.resolve("data").toString()));
        command.addAll(List.of("--socket", socket.toString(), "--client-listen", "127.0.0.1:0"));
        command.addAll(options);
        long begin = System.nanoTime();
        ChildProcess process = ChildProcess.start(command, folder.resolve(LOG), READY, START_TIMEOUT);
        return new NodeProcess(process, socket, System.nanoTime() - begin, peerPort);
    }

    /** The command that runs Java programs, the same that runs this one. */
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** A URL to the schema PUBLIC. */
    String url() {
        return "jdbc:atlas://" + process.ready().group(1) + ":"
                + process.ready().group(2) + "/PUBLIC";
    }

    Path socket() {
        return socket;
    }

    /** Where other nodes reach it; 0 for a node that is alone. */
    int peerPort() {
        return peerPort;
    }

    /** A port that is free now. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** From the start of the process until it took connections. */
    long startNanos() {
        return startNanos;
    }

    long pid() {
        return process.pid();
    }

    /** {@code kill -9}. */
    void kill() {
        process.kill();
    }

    @Override
    public void close() {
        process.close();
    }
}
