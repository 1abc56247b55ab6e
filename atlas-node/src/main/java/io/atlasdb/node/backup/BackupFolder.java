package io.atlasdb.node.backup;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/** A backup that was finished: a folder with a manifest and the files that it lists. */
public final class BackupFolder {
    static final String MANIFEST = "manifest.json";
    private static final int MANIFEST_BYTES_MAX = 64 << 20;

    private final Path root;
    private final Manifest manifest;

    private BackupFolder(Path root, Manifest manifest) {
        this.root = root;
        this.manifest = manifest;
    }

    /** Takes the chunks of a backup one by one. */
    public interface ChunkSink {
        void chunk(byte[] chunk) throws IOException;
    }

    /** Hears how many more bytes of the files were read. */
    public interface Progress {
        void read(long bytes);
    }

    /**
     * Opens a backup.
     *
     * @throws AtlasException {@code BACKUP_DAMAGED} when the folder holds no manifest, since it was not finished, or one that
     *     cannot be used
     */
    public static BackupFolder open(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            throw ErrorCode.BACKUP_DAMAGED.error("there is no folder " + root);
        }
        Path file = root.resolve(MANIFEST);
        try {
            if (Files.size(file) > MANIFEST_BYTES_MAX) {
                throw ErrorCode.BACKUP_DAMAGED.error(file + " has " + Files.size(file) + " bytes");
            }
            return new BackupFolder(root, Manifest.decode(Files.readAllBytes(file)));
        } catch (NoSuchFileException e) {
            throw ErrorCode.BACKUP_DAMAGED.error(
                    e, root + " holds no " + MANIFEST + ": it is no backup, or one that was not finished");
        }
    }

    public Manifest manifest() {
        return manifest;
    }

    /** Bytes of all its files. */
    public long fileBytes() {
        return manifest.files().stream().mapToLong(Manifest.DataFile::bytes).sum();
    }

    /**
     * Compares every file with the length and the checksum that the manifest has.
     *
     * @throws AtlasException {@code BACKUP_DAMAGED} with the name of the first file that differs
     */
    public void checkFiles(Progress progress) throws IOException {
        for (Manifest.DataFile file : manifest.files()) {
            Path path = root.resolve(file.name());
            if (!Files.isRegularFile(path)) {
                throw ErrorCode.BACKUP_DAMAGED.error("the file " + file.name() + " is missing");
            }
            if (Files.size(path) != file.bytes()) {
                throw ErrorCode.BACKUP_DAMAGED.error(
                        "the file " + file.name() + " has " + Files.size(path) + " bytes instead of " + file.bytes());
            }
            MessageDigest digest = Manifest.sha256();
            try (InputStream in = Files.newInputStream(path)) {
                byte[] buffer = new byte[1 << 16];
                for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
                    digest.update(buffer, 0, read);
                    progress.read(read);
                }
            }
            requireSum(file, digest);
        }
    }

    private static void requireSum(Manifest.DataFile file, MessageDigest digest) {
        if (!HexFormat.of().formatHex(digest.digest()).equals(file.sha256())) {
            throw ErrorCode.BACKUP_DAMAGED.error(
                    "the file " + file.name() + " was changed: its SHA-256 is another one");
        }
    }

    /**
     * Gives all chunks, in the order in which they were written; one is in memory at a time.
     *
     * @throws AtlasException {@code BACKUP_DAMAGED}, and what {@code sink} throws
     */
    public void forEach(ChunkSink sink, Progress progress) throws IOException {
        for (Manifest.DataFile file : manifest.files()) {
            MessageDigest digest = Manifest.sha256();
            long chunks = 0;
            try (InputStream in = new BufferedInputStream(
                    new DigestInputStream(Files.newInputStream(root.resolve(file.name())), digest), 1 << 16)) {
                for (byte[] chunk = Chunk.read(in); chunk != null; chunk = Chunk.read(in)) {
                    sink.chunk(chunk);
                    progress.read(chunk.length);
                    chunks++;
                }
            } catch (NoSuchFileException e) {
                throw ErrorCode.BACKUP_DAMAGED.error(e, "the file " + file.name() + " is missing");
            } catch (AtlasException e) {
                throw e.code() == ErrorCode.BACKUP_DAMAGED ? e.at("file " + file.name()) : e;
            }
            requireSum(file, digest);
            if (chunks != file.chunks()) {
                throw ErrorCode.BACKUP_DAMAGED.error(
                        "the file " + file.name() + " has " + chunks + " chunks instead of " + file.chunks());
            }
        }
    }

    /** Forces a folder's entries to disk. */
    static void force(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
