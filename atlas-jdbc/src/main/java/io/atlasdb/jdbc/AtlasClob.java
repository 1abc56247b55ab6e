package io.atlasdb.jdbc;

import io.atlasdb.proto.ErrorCode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.sql.Clob;
import java.sql.NClob;
import java.sql.SQLException;

/** A text in memory. Positions start at 1. */
final class AtlasClob implements NClob {
    private String text;
    private boolean freed;

    AtlasClob(String text) {
        this.text = text;
    }

    private String text() throws SQLException {
        if (freed) {
            throw Errors.of(ErrorCode.DATA, "the LOB was freed");
        }
        return text;
    }

    @Override
    public long length() throws SQLException {
        return text().length();
    }

    @Override
    public String getSubString(long position, int length) throws SQLException {
        int from = AtlasBlob.index(position, text().length());
        if (length < 0) {
            throw Errors.of(ErrorCode.INVALID_PARAMETER, "length", length, "it must not be negative");
        }
        return text.substring(from, (int) Math.min(text.length(), from + (long) length));
    }

    @Override
    public Reader getCharacterStream() throws SQLException {
        return new StringReader(text());
    }

    @Override
    public Reader getCharacterStream(long position, long length) throws SQLException {
        return new StringReader(getSubString(position, (int) Math.min(Integer.MAX_VALUE, length)));
    }

    /** Despite its name in UTF-8, so that nothing is lost. */
    @Override
    public InputStream getAsciiStream() throws SQLException {
        return new ByteArrayInputStream(text().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public long position(String pattern, long start) throws SQLException {
        int found = text().indexOf(pattern, AtlasBlob.index(start, text.length()));
        return found < 0 ? -1 : found + 1L;
    }

    @Override
    public long position(Clob pattern, long start) throws SQLException {
        return position(pattern.getSubString(1, (int) Math.min(Integer.MAX_VALUE, pattern.length())), start);
    }

    @Override
    public int setString(long position, String source) throws SQLException {
        int from = AtlasBlob.index(position, text().length());
        int end = Math.min(text.length(), from + source.length());
        text = text.substring(0, from) + source + text.substring(end);
        return source.length();
    }

    @Override
    public int setString(long position, String source, int offset, int length) throws SQLException {
        return setString(position, source.substring(offset, offset + length));
    }

    @Override
    public OutputStream setAsciiStream(long position) throws SQLException {
        AtlasBlob.index(position, text().length());
        return new ByteArrayOutputStream() {
            @Override
            public void close() throws IOException {
                put(position, toString(StandardCharsets.UTF_8));
            }
        };
    }

    @Override
    public Writer setCharacterStream(long position) throws SQLException {
        AtlasBlob.index(position, text().length());
        return new StringWriter() {
            @Override
            public void close() throws IOException {
                put(position, toString());
            }
        };
    }

    private void put(long position, String source) throws IOException {
        try {
            setString(position, source);
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void truncate(long length) throws SQLException {
        text = text().substring(0, AtlasBlob.index(length + 1, text.length()));
    }

    @Override
    public void free() {
        freed = true;
        text = "";
    }
}
