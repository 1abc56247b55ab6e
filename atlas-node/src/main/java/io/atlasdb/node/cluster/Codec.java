package io.atlasdb.node.cluster;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes and reads the small records of this package. Texts are at most 64 KiB of UTF-8. */
final class Codec {
    private Codec() {}

    /** Writes fields. */
    interface Writer {
        void write(DataOutputStream out) throws IOException;
    }

    /** Reads fields. */
    interface Reader<T> {
        T read(DataInputStream in) throws IOException;
    }

    static byte[] write(Writer fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            fields.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Throws {@code IllegalArgumentException} when the bytes do not hold the fields. */
    static <T> T read(byte[] bytes, Reader<T> fields) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            return fields.read(in);
        } catch (IOException e) {
            throw new IllegalArgumentException("a damaged record of " + bytes.length + " bytes", e);
        }
    }
}
