package io.atlasdb.node.server;

import io.atlasdb.proto.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The folder that holds everything of a node: {@code log/}, {@code store/}, {@code blobs/}, {@code node.id}, {@code cluster}, {@code FORMAT} and {@code LOCK}.
 * One process at a time; a format that a newer version wrote is refused.
 */
final class DataDirectory implements AutoCloseable {
    /** The format that this version writes. */
    static final int FORMAT = 1;

    private static final String NODE_ID = "node.id";
    private static final String CLUSTER = "cluster";

    private final Path root;
    private final FileChannel lockFile;
    private final FileLock lock;

    private DataDirectory(Path root, FileChannel lockFile, FileLock lock) {
        this.root = root;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /**
     * Makes the folder when there is none, and takes its lock.
     *
     * @throws io.atlasdb.proto.AtlasException {@code INVALID_PARAMETER} when another process uses it, when its format is
     *     newer, or when it cannot be written
     */
    static DataDirectory open(Path root) {
        try {
            Files.createDirectories(root);
            FileChannel file =
                    FileChannel.open(root.resolve("LOCK"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = tryLock(file);
            if (lock == null) {
                file.close();
                throw ErrorCode.INVALID_PARAMETER.error(
                        "db_path", root, "another Atlas process uses this folder; stop it or name another folder");
            }
            DataDirectory directory = new DataDirectory(root, file, lock);
            try {
                directory.checkFormat();
            } catch (RuntimeException e) {
                directory.close();
                throw e;
            }
            return directory;
        } catch (IOException e) {
            throw ErrorCode.INVALID_PARAMETER.error(e, "db_path", root, "the folder cannot be used: " + reason(e));
        }
    }

    private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName() + (e.getMessage() == null ? "" : " " + e.getMessage());
    }

    private void checkFormat() {
        Path file = root.resolve("FORMAT");
        String text = read(file);
        if (text == null) {
            if (Files.exists(log())) {
                throw ErrorCode.INVALID_PARAMETER.error(
                        "db_path", root, "it holds a log and no FORMAT file; it is damaged or not Atlas's");
            }
            write(file, Integer.toString(FORMAT));
            return;
        }
        int found;
        try {
            found = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw ErrorCode.INVALID_PARAMETER.error(e, "FORMAT", text, "it is not a number; the folder is damaged");
        }
        if (found > FORMAT) {
            throw ErrorCode.INVALID_PARAMETER.error(
                    "db_path",
                    root,
                    "its format is " + found + " and this version knows " + FORMAT + "; use a newer Atlas");
        }
    }

    Path log() {
        return root.resolve("log");
    }

    Path store() {
        return root.resolve("store");
    }

    Path blobs() {
        return root.resolve("blobs");
    }

    /**
     * Who the node is. At the first start it gets its uuid, which is kept before anybody is asked for an id: a crash between
     * leads to the same question, and that to the same answer.
     *
     * @param region of a node whose folder does not say
     */
    Identity identity(String region) {
        String id = read(root.resolve(NODE_ID));
        String text = read(root.resolve(CLUSTER));
        int number = id == null ? 0 : Integer.parseInt(id);
        if (text != null) {
            return Identity.parse(number, text);
        }
        // A folder with an id alone is of a node that was always alone: it is the founder of a cluster of one.
        String cluster = number == 0 ? "" : UUID.randomUUID().toString();
        Identity identity = new Identity(UUID.randomUUID().toString(), number, 0, cluster, region, List.of());
        replace(CLUSTER, identity.text());
        return identity;
    }

    /** Keeps who the node is. The id comes last, since a node that has one knows its cluster. */
    void keep(Identity identity) {
        replace(CLUSTER, identity.text());
        if (read(root.resolve(NODE_ID)) == null) {
            replace(NODE_ID, identity.id() + "\n");
        }
    }

    private void replace(String name, String text) {
        Path fresh = root.resolve(name + ".new");
        try {
            Files.deleteIfExists(fresh);
            write(fresh, text.strip());
            Files.move(fresh, root.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel folder = FileChannel.open(root, StandardOpenOption.READ)) {
                folder.force(true);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file).strip() : null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, String text) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(java.nio.charset.StandardCharsets.UTF_8.encode(text + "\n"));
            channel.force(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            lock.release();
            lockFile.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
