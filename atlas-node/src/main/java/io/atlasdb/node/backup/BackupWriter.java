package io.atlasdb.node.backup;

import io.atlasdb.proto.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Writes a backup into an empty folder. Not safe for several threads. */
public final class BackupWriter implements AutoCloseable {
    /** A file is ended by the chunk that passes it, so that one can be copied, or found damaged, by itself. */
    static final long FILE_BYTES = 256L << 20;

    private final Path root;
    private final long fileBytes;
    private final List<Manifest.DataFile> files = new ArrayList<>();
    private @Nullable Manifest head;
    private @Nullable Manifest end;
    private @Nullable FileChannel file;
    private MessageDigest digest = Manifest.sha256();
    private long chunks;
    private long bytes;
    private long rows;
    private long largeBytes;
    private long group = -1;
    private int groups;

    private BackupWriter(Path root, long fileBytes) {
        this.root = root;
        this.fileBytes = fileBytes;
    }

    /**
     * Begins in a folder, which is made if there is none.
     *
     * @throws io.atlasdb.proto.AtlasException {@code INVALID_PARAMETER} when something is in it
     */
    public static BackupWriter open(Path root) throws IOException {
        return open(root, FILE_BYTES);
    }

    static BackupWriter open(Path root, long fileBytes) throws IOException {
        try {
            Files.createDirectories(root);
        } catch (FileAlreadyExistsException e) {
            throw ErrorCode.INVALID_PARAMETER.error(e, "--to", root, "it is not a folder");
        }
        try (Stream<Path> entries = Files.list(root)) {
            if (entries.findAny().isPresent()) {
                throw ErrorCode.INVALID_PARAMETER.error("--to", root, "the folder is not empty");
            }
        }
        return new BackupWriter(root, fileBytes);
    }

    /**
     * Takes the next chunk of the backup.
     *
     * @throws io.atlasdb.proto.AtlasException {@code BACKUP_DAMAGED} when it was damaged on its way
     */
    public void accept(byte[] encoded) throws IOException {
        Chunk chunk = Chunk.decode(encoded);
        switch (chunk.kind()) {
            case HEAD -> head = Manifest.decode(chunk.content());
            case END -> end = Manifest.decode(chunk.content());
            case LARGE -> {
                write(encoded);
                largeBytes += LargePiece.decode(chunk.content()).bytes().length;
            }
            case ROWS -> {
                write(encoded);
                rows += chunk.rows();
                if (chunk.group() != group) {
                    group = chunk.group();
                    groups++;
                }
            }
            default -> throw ErrorCode.BACKUP_DAMAGED.error("a chunk of kind " + chunk.kind() + " in a backup");
        }
    }

    private void write(byte[] encoded) throws IOException {
        FileChannel out = file;
        if (out == null) {
            String name = name(files.size() + 1);
            out = FileChannel.open(root.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            file = out;
        }
        ByteBuffer buffer = ByteBuffer.wrap(encoded);
        while (buffer.hasRemaining()) {
            out.write(buffer);
        }
        digest.update(encoded);
        chunks++;
        bytes += encoded.length;
        if (out.position() >= fileBytes) {
            endFile(out);
        }
    }

    private static String name(int number) {
        return String.format("data-%06d.chunks", number);
    }

    private void endFile(FileChannel out) throws IOException {
        long length = out.position();
        out.force(true);
        out.close();
        file = null;
        files.add(new Manifest.DataFile(
                name(files.size() + 1), length, HexFormat.of().formatHex(digest.digest()), chunks));
        digest = Manifest.sha256();
        chunks = 0;
    }

    /**
     * Ends the backup: forces the files to disk, then writes the manifest, which makes it one.
     *
     * @throws io.atlasdb.proto.AtlasException {@code BACKUP_DAMAGED} when its last chunk has not come, or counts differ
     */
    public Manifest finish() throws IOException {
        Manifest counted = end;
        if (counted == null) {
            throw ErrorCode.BACKUP_DAMAGED.error("its end has not come");
        }
        if (counted.rows() != rows) {
            throw ErrorCode.BACKUP_DAMAGED.error(rows + " rows came of " + counted.rows());
        }
        if (counted.large().bytes() != largeBytes) {
            throw ErrorCode.BACKUP_DAMAGED.error(largeBytes + " bytes of large values came of "
                    + counted.large().bytes());
        }
        FileChannel out = file;
        if (out != null) {
            endFile(out);
        }
        BackupFolder.force(root);
        Manifest manifest = counted.with(files);
        Path fresh = root.resolve(BackupFolder.MANIFEST + ".new");
        try (FileChannel channel = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer text = ByteBuffer.wrap(manifest.encode());
            while (text.hasRemaining()) {
                channel.write(text);
            }
            channel.force(true);
        }
        Files.move(fresh, root.resolve(BackupFolder.MANIFEST), StandardCopyOption.ATOMIC_MOVE);
        BackupFolder.force(root);
        return manifest;
    }

    /** What the backup is of, once its first chunk came. */
    public @Nullable Manifest head() {
        return head;
    }

    /** Groups of which rows came. */
    public int groups() {
        return groups;
    }

    /** Rows so far. */
    public long rows() {
        return rows;
    }

    /** Bytes of the files so far. */
    public long bytes() {
        return bytes;
    }

    /** Lets go of the file; without {@link #finish} the folder is no backup. */
    @Override
    public void close() throws IOException {
        FileChannel out = file;
        if (out != null) {
            file = null;
            out.close();
        }
    }
}
