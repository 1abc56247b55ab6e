package io.atlasdb.jdbc;

import io.atlasdb.proto.ErrorCode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.Blob;
import java.sql.SQLException;
import java.util.Arrays;

/** Bytes in memory. Positions start at 1. */
final class AtlasBlob implements Blob {
    private byte[] bytes;
    private boolean freed;

    AtlasBlob(byte[] bytes) {
        this.bytes = bytes;
    }

    private byte[] bytes() throws SQLException {
        if (freed) {
            throw Errors.of(ErrorCode.DATA, "the LOB was freed");
        }
        return bytes;
    }

    /** The array index of a position that may be one behind the end. */
    static int index(long position, int length) throws SQLException {
        if (position < 1 || position > length + 1L) {
            throw Errors.of(ErrorCode.INVALID_PARAMETER, "position", position, "it must be from 1 to " + (length + 1L));
        }
        return (int) (position - 1);
    }

    @Override
    public long length() throws SQLException {
        return bytes().length;
    }

    @Override
    public byte[] getBytes(long position, int length) throws SQLException {
        int from = index(position, bytes().length);
        if (length < 0) {
            throw Errors.of(ErrorCode.INVALID_PARAMETER, "length", length, "it must not be negative");
        }
        return Arrays.copyOfRange(bytes, from, (int) Math.min(bytes.length, from + (long) length));
    }

    @Override
    public InputStream getBinaryStream() throws SQLException {
        return new ByteArrayInputStream(bytes());
    }

    @Override
    public InputStream getBinaryStream(long position, long length) throws SQLException {
        return new ByteArrayInputStream(getBytes(position, (int) Math.min(Integer.MAX_VALUE, length)));
    }

    @Override
    public long position(byte[] pattern, long start) throws SQLException {
        for (int i = index(start, bytes().length); i <= bytes.length - pattern.length; i++) {
            if (Arrays.equals(bytes, i, i + pattern.length, pattern, 0, pattern.length)) {
                return i + 1L;
            }
        }
        return -1;
    }

    @Override
    public long position(Blob pattern, long start) throws SQLException {
        return position(pattern.getBytes(1, (int) Math.min(Integer.MAX_VALUE, pattern.length())), start);
    }

    @Override
    public int setBytes(long position, byte[] source) throws SQLException {
        return setBytes(position, source, 0, source.length);
    }

    @Override
    public int setBytes(long position, byte[] source, int offset, int length) throws SQLException {
        int from = index(position, bytes().length);
        if (from + length > bytes.length) {
            bytes = Arrays.copyOf(bytes, from + length);
        }
        System.arraycopy(source, offset, bytes, from, length);
        return length;
    }

    @Override
    public OutputStream setBinaryStream(long position) throws SQLException {
        index(position, bytes().length);
        return new ByteArrayOutputStream() {
            @Override
            public void close() throws java.io.IOException {
                try {
                    setBytes(position, toByteArray());
                } catch (SQLException e) {
                    throw new java.io.IOException(e);
                }
            }
        };
    }

    @Override
    public void truncate(long length) throws SQLException {
        bytes = Arrays.copyOf(bytes(), index(length + 1, bytes.length));
    }

    @Override
    public void free() {
        freed = true;
        bytes = new byte[0];
    }
}
