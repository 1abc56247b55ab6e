package io.atlasdb.node.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** One directory of files, as much of it as the log needs; a port, so that tests can tear, lose and flip what it holds. */
interface Disk {
    /** The names of all files. */
    List<String> list() throws IOException;

    /** Makes a file of zeros and forces its bytes and its length. Its name is durable only after {@link #force()}. */
    File create(String name, long bytes) throws IOException;

    /** Opens a file that exists. */
    File open(String name) throws IOException;

    /** Gives a file another name, in place of a file of that name. */
    void rename(String from, String to) throws IOException;

    /** Removes a file when it exists. */
    void delete(String name) throws IOException;

    /** Makes names durable. */
    void force() throws IOException;

    /** Free bytes of the file system that this process may use. */
    long usableBytes() throws IOException;

    /** An open file of fixed length. */
    interface File extends Closeable {
        /** Its length. */
        long bytes() throws IOException;

        /** Fills the buffer from the position on; fewer bytes only at the end of the file. */
        void read(ByteBuffer target, long position) throws IOException;

        /** Writes all of the buffer. Durable only after {@link #force}. */
        void write(ByteBuffer source, long position) throws IOException;

        /** Makes what was written durable. After a failure nothing is known of the file; it must not be called again. */
        void force() throws IOException;
    }
}
