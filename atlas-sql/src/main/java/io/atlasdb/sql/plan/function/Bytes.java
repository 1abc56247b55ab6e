package io.atlasdb.sql.plan.function;

import io.atlasdb.proto.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.calcite.avatica.util.ByteString;

/** Casts to and from bytes, and their lengths, which count bytes. */
public final class Bytes {
    private Bytes() {}

    /** The UTF-8 bytes of a text, at most {@code length} of them. */
    public static ByteString encode(String text, int length) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new ByteString(bytes.length > length ? Arrays.copyOf(bytes, length) : bytes);
    }

    /** The UTF-8 bytes of a text, exactly {@code length}: cut, or filled up with zeros. */
    public static ByteString encodeAndPad(String text, int length) {
        return new ByteString(Arrays.copyOf(text.getBytes(StandardCharsets.UTF_8), length));
    }

    /** The text that these UTF-8 bytes are. */
    public static String decode(ByteString bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.getBytes()))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw ErrorCode.INVALID_TEXT.error(malformed, "x'" + bytes.toString(16) + "'", "text in UTF-8");
        }
    }

    /** An explicit CAST cuts what is too long. */
    public static ByteString cut(ByteString bytes, int length) {
        return bytes.length() > length ? bytes.substring(0, length) : bytes;
    }

    /** An explicit CAST to BINARY cuts or fills up with zeros. */
    public static ByteString cutAndPad(ByteString bytes, int length) {
        return bytes.length() == length ? bytes : new ByteString(Arrays.copyOf(bytes.getBytes(), length));
    }

    /** For an assignment: nothing is cut. */
    public static ByteString assign(ByteString bytes, int length) {
        if (bytes.length() > length) {
            throw ErrorCode.STRING_TOO_LONG.error("VARBINARY(" + length + ")", bytes.length(), length);
        }
        return bytes;
    }

    public static ByteString assignAndPad(ByteString bytes, int length) {
        if (bytes.length() > length) {
            throw ErrorCode.STRING_TOO_LONG.error("BINARY(" + length + ")", bytes.length(), length);
        }
        return cutAndPad(bytes, length);
    }
}
