package io.atlasdb.node.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * {@code atlas bench blob}: large values are written and read back by their hashes through three nodes, first in peace, then while
 * nodes are killed; beside it files that are written and forced, and PostgreSQL's large objects.
 */
public final class BlobBenchmark implements Benchmark {
    private static final int FAILED = 4;
    private static final int SIZE_MIN = 1 << 10;
    private static final List<String> REGIONS = List.of("here", "here", "here");
    private static final Map<String, String> DEFAULTS = Map.of(
            "blobs",
            "100",
            "total",
            "400",
            "largest",
            "131072",
            "clients",
            "3",
            "pause",
            "4000",
            "heap",
            "256",
            "seed",
            "1",
            "postgres",
            "1");

    @Override
    public String name() {
        return "blob";
    }

    @Override
    public String description() {
        return "write and read large values while nodes are killed: --blobs 100 --total 400 (MiB) --largest 131072 (KiB)"
                + " --clients 3 --pause 4000 (ms between kills, 0 for none) --heap 256 --seed 1 --postgres 1";
    }

    @Override
    public int run(List<String> arguments, PrintStream out) throws Exception {
        Arguments options = Arguments.parse(arguments, DEFAULTS);
        BlobSet peace = values(options, 0);
        List<Integer> sizes = peace.sorted();
        out.printf(
                Locale.ROOT,
                "%d values, %,d bytes: smallest %,d, median %,d, largest %,d%n",
                peace.count(),
                peace.bytes(),
                sizes.get(0),
                sizes.get(sizes.size() / 2),
                sizes.get(sizes.size() - 1));
        Path folder = Folders.temporary("atlas-bl-");
        List<String> faults = new ArrayList<>(atlas(options, peace, folder.resolve("a"), out));
        Folders.delete(folder.resolve("a"));
        files(peace, Files.createDirectories(folder.resolve("f")), out);
        if (options.integer("postgres", 0, 1) == 1) {
            postgres(peace, folder.resolve("p"), out);
        }
        faults.forEach(fault -> out.println("FAULT: " + fault));
        Folders.delete(folder);
        return faults.isEmpty() ? 0 : FAILED;
    }

    private static BlobSet values(Arguments options, int offset) {
        return new BlobSet(
                options.integer("seed", 0, 1_000_000) + offset,
                options.integer("blobs", 1, 100_000),
                SIZE_MIN,
                options.integer("largest", 1, 128 << 10) << 10,
                (long) options.integer("total", 1, 1 << 20) << 20);
    }

    private static List<String> atlas(Arguments options, BlobSet peace, Path folder, PrintStream out) throws Exception {
        int clients = options.integer("clients", 1, 64);
        int pauseMs = options.integer("pause", 0, 3_600_000);
        try (ClusterProcesses cluster =
                ClusterProcesses.start(folder, REGIONS, options.integer("heap", 64, 65_536), List.of())) {
            awaitVoters(cluster.url(1));
            List<String> faults = new ArrayList<>();
            faults.addAll(new BlobLoad(cluster, peace, "P", clients).run(0, "in peace", out));
            if (pauseMs > 0) {
                BlobSet war = values(options, 1);
                faults.addAll(new BlobLoad(cluster, war, "W", clients).run(pauseMs, "while nodes are killed", out));
            }
            return faults;
        }
    }

    private static void awaitVoters(String url) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (int i = 0; i < 600; i++) {
                try (ResultSet result = statement.executeQuery(
                        "SELECT COUNT(*) FROM atlas.groups WHERE voters <> '1,2,3' OR learners <> ''")) {
                    result.next();
                    if (result.getLong(1) == 0) {
                        return;
                    }
                }
                FailoverLoad.pause(100);
            }
        }
    }

    /** Each value a file that is forced; then all are read, from the kernel's memory as a rule. */
    private static void files(BlobSet values, Path folder, PrintStream out) throws IOException {
        long begin = System.nanoTime();
        for (int i = 0; i < values.count(); i++) {
            try (FileChannel file = FileChannel.open(
                    folder.resolve(Integer.toString(i)), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                values.forEach(i, (bytes, length) -> {
                    ByteBuffer left = ByteBuffer.wrap(bytes, 0, length);
                    while (left.hasRemaining()) {
                        file.write(left);
                    }
                });
                file.force(true);
            }
        }
        show(out, "files, one writer: written and forced", values.bytes(), begin);
        begin = System.nanoTime();
        byte[] piece = new byte[256 << 10];
        for (int i = 0; i < values.count(); i++) {
            MessageDigest digest = BlobSet.digest();
            try (InputStream in = new BufferedInputStream(Files.newInputStream(folder.resolve(Integer.toString(i))))) {
                int read;
                while ((read = in.read(piece)) > 0) {
                    digest.update(piece, 0, read);
                }
            }
        }
        show(out, "files, one reader: read and hashed", values.bytes(), begin);
    }

    private static void postgres(BlobSet values, Path folder, PrintStream out) throws Exception {
        Optional<Path> binaries = PostgresPeer.binaries();
        if (binaries.isEmpty()) {
            out.println("PostgreSQL is not installed");
            return;
        }
        PeerDrivers drivers = new PeerDrivers(Path.of(PeerDrivers.defaultFolder()));
        try (PostgresPeer peer = PostgresPeer.start(drivers, binaries.get(), folder);
                Connection connection = peer.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE blobs (id INT PRIMARY KEY, body OID)");
            long begin = System.nanoTime();
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO blobs VALUES (?, lo_from_bytea(0, ?))")) {
                for (int i = 0; i < values.count(); i++) {
                    insert.setInt(1, i);
                    insert.setBytes(2, whole(values, i));
                    insert.executeUpdate();
                }
            }
            show(out, "PostgreSQL large objects, one node, one writer: written", values.bytes(), begin);
            begin = System.nanoTime();
            int wrong = 0;
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT lo_get(body) FROM blobs WHERE id = ?")) {
                for (int i = 0; i < values.count(); i++) {
                    select.setInt(1, i);
                    try (ResultSet row = select.executeQuery()) {
                        row.next();
                        byte[] hash = BlobSet.digest().digest(row.getBytes(1));
                        wrong += Arrays.equals(hash, values.sha256(i)) ? 0 : 1;
                    }
                }
            }
            show(out, "PostgreSQL large objects, one reader: read, " + wrong + " wrong", values.bytes(), begin);
        }
    }

    private static byte[] whole(BlobSet values, int number) {
        byte[] whole = new byte[values.size(number)];
        int[] at = {0};
        values.forEach(number, (bytes, length) -> {
            System.arraycopy(bytes, 0, whole, at[0], length);
            at[0] += length;
        });
        return whole;
    }

    /** A line with the throughput since a time. */
    static void show(PrintStream out, String what, long bytes, long beginNanos) {
        double seconds = (System.nanoTime() - beginNanos) / 1e9;
        out.printf(Locale.ROOT, "  %-60s %6.1f s %7.1f MB/s%n", what, seconds, bytes / seconds / 1e6);
    }
}
