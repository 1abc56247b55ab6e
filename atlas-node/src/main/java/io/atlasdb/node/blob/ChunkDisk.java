package io.atlasdb.node.blob;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** The steps after which a crash may find the disk. Safe for several threads. */
interface ChunkDisk {
    /** The disk of this machine. */
    ChunkDisk REAL = new ChunkDisk() {
        @Override
        public void write(Path file, byte[] bytes, int offset, int length) throws IOException {
            try (FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                ByteBuffer left = ByteBuffer.wrap(bytes, offset, length);
                while (left.hasRemaining()) {
                    channel.write(left);
                }
                channel.force(true);
            }
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }

        @Override
        public void force(Path folder) throws IOException {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }

        @Override
        public void remove(Path file) throws IOException {
            Files.deleteIfExists(file);
        }

        @Override
        public long freeBytes(Path folder) throws IOException {
            return Files.getFileStore(folder).getUsableSpace();
        }
    };

    /** Writes a whole file and forces it. */
    void write(Path file, byte[] bytes, int offset, int length) throws IOException;

    /** Gives a file another name, in place of what has it; durable once the folder is forced. */
    void rename(Path from, Path to) throws IOException;

    /** Forces the names in a folder. */
    void force(Path folder) throws IOException;

    /** Removes a file, if there is one. */
    void remove(Path file) throws IOException;

    /** Bytes that may still be written. */
    long freeBytes(Path folder) throws IOException;
}
