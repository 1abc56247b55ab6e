package io.atlasdb.sql.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.atlasdb.proto.ErrorCode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A table's descriptor as bytes: 8 bytes of version, which guards look at, a format byte, then all fields in the order of the
 * record. Texts are a 4-byte length and UTF-8; enums go by name, so that their order may change.
 */
final class TableFormat {
    private static final int FORMAT = 1;
    private static final int COUNT_MAX = 1 << 20;

    private TableFormat() {}

    static byte[] write(Table table) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeLong(table.version());
            out.writeByte(FORMAT);
            out.writeLong(table.id());
            out.writeLong(table.group());
            text(out, table.schema());
            text(out, table.name());
            out.writeInt(table.columns().size());
            for (Column column : table.columns()) {
                column(out, column);
            }
            parts(out, table.primaryKey());
            text(out, table.primaryKeyName());
            out.writeInt(table.indexes().size());
            for (Index index : table.indexes()) {
                index(out, index);
            }
            out.writeInt(table.checks().size());
            for (Check check : table.checks()) {
                text(out, check.name());
                text(out, check.sql());
            }
            out.writeInt(table.nextId());
            Map<String, String> options = new TreeMap<>(table.options());
            out.writeInt(options.size());
            for (Map.Entry<String, String> option : options.entrySet()) {
                text(out, option.getKey());
                text(out, option.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
    }

    /** Throws {@code CORRUPT} when the bytes are not a descriptor. */
    static Table read(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            long version = in.readLong();
            int format = in.readByte();
            if (format != FORMAT) {
                throw ErrorCode.CORRUPT.error("a table's schema has format " + format + ", this node knows " + FORMAT);
            }
            long id = in.readLong();
            long group = in.readLong();
            String schema = text(in);
            String name = text(in);
            List<Column> columns = list(in, TableFormat::column);
            List<Index.Part> primaryKey = list(in, TableFormat::part);
            String primaryKeyName = text(in);
            List<Index> indexes = list(in, TableFormat::index);
            List<Check> checks = list(in, i -> new Check(text(i), text(i)));
            int nextId = in.readInt();
            Map<String, String> options = new TreeMap<>();
            for (int i = count(in); i > 0; i--) {
                options.put(text(in), text(in));
            }
            return new Table(
                    id,
                    group,
                    schema,
                    name,
                    version,
                    columns,
                    primaryKey,
                    primaryKeyName,
                    indexes,
                    checks,
                    nextId,
                    options);
        } catch (IOException | IllegalArgumentException e) {
            throw ErrorCode.CORRUPT.error(e, "a table's schema of " + bytes.length + " bytes");
        }
    }

    private static void column(DataOutputStream out, Column column) throws IOException {
        out.writeInt(column.id());
        text(out, column.name());
        text(out, column.type().kind().name());
        out.writeInt(column.type().precision());
        out.writeInt(column.type().scale());
        out.writeBoolean(column.nullable());
        out.writeBoolean(column.defaultSql() != null);
        if (column.defaultSql() != null) {
            text(out, column.defaultSql());
        }
        text(out, column.identity().name());
        value(out, column.missing());
        out.writeBoolean(column.hidden());
    }

    private static Column column(DataInputStream in) throws IOException {
        int id = in.readInt();
        String name = text(in);
        SqlType type = new SqlType(SqlType.Kind.valueOf(text(in)), in.readInt(), in.readInt());
        boolean nullable = in.readBoolean();
        String defaultSql = in.readBoolean() ? text(in) : null;
        Column.Identity identity = Column.Identity.valueOf(text(in));
        Object missing = value(in);
        return new Column(id, name, type, nullable, defaultSql, identity, missing, in.readBoolean());
    }

    private static void index(DataOutputStream out, Index index) throws IOException {
        out.writeInt(index.id());
        text(out, index.name());
        out.writeBoolean(index.unique());
        parts(out, index.parts());
        text(out, index.state().name());
        out.writeBoolean(index.constraint());
    }

    private static Index index(DataInputStream in) throws IOException {
        return new Index(
                in.readInt(),
                text(in),
                in.readBoolean(),
                list(in, TableFormat::part),
                Index.State.valueOf(text(in)),
                in.readBoolean());
    }

    private static void parts(DataOutputStream out, List<Index.Part> parts) throws IOException {
        out.writeInt(parts.size());
        for (Index.Part part : parts) {
            out.writeInt(part.column());
            out.writeBoolean(part.descending());
        }
    }

    private static Index.Part part(DataInputStream in) throws IOException {
        return new Index.Part(in.readInt(), in.readBoolean());
    }

    /** A value of any of the classes named at {@link SqlType.Kind}: a letter for the class, then its text or bytes. */
    private static void value(DataOutputStream out, @Nullable Object value) throws IOException {
        if (value instanceof BigDecimal decimal) {
            out.writeByte('D');
            out.writeInt(decimal.scale());
            bytes(out, decimal.unscaledValue().toByteArray());
        } else if (value instanceof byte[] bytes) {
            out.writeByte('A');
            bytes(out, bytes);
        } else {
            out.writeByte(letter(value));
            text(out, String.valueOf(value));
        }
    }

    private static char letter(@Nullable Object value) {
        if (value == null) {
            return '0';
        }
        if (value instanceof Number) {
            return value instanceof Byte
                    ? 'y'
                    : value instanceof Short
                            ? 's'
                            : value instanceof Integer
                                    ? 'i'
                                    : value instanceof Long ? 'l' : value instanceof Float ? 'f' : 'd';
        }
        return value instanceof Boolean ? 'b' : value instanceof UUID ? 'u' : 't';
    }

    private static @Nullable Object value(DataInputStream in) throws IOException {
        int letter = in.readByte();
        if (letter == 'D') {
            int scale = in.readInt();
            return new BigDecimal(new BigInteger(bytes(in)), scale);
        }
        if (letter == 'A') {
            return bytes(in);
        }
        String text = text(in);
        return switch (letter) {
            case '0' -> null;
            case 'y' -> Byte.valueOf(text);
            case 's' -> Short.valueOf(text);
            case 'i' -> Integer.valueOf(text);
            case 'l' -> Long.valueOf(text);
            case 'f' -> Float.valueOf(text);
            case 'd' -> Double.valueOf(text);
            case 'b' -> Boolean.valueOf(text);
            case 'u' -> UUID.fromString(text);
            case 't' -> text;
            default -> throw new IllegalArgumentException("a value of class " + letter);
        };
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        bytes(out, text.getBytes(UTF_8));
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(bytes(in), UTF_8);
    }

    private static void bytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] bytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IllegalArgumentException("a text of " + length + " bytes");
        }
        return in.readNBytes(length);
    }

    private static int count(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > COUNT_MAX) {
            throw new IllegalArgumentException("a list of " + count);
        }
        return count;
    }

    private interface Part<T> {
        T read(DataInputStream in) throws IOException;
    }

    private static <T> List<T> list(DataInputStream in, Part<T> part) throws IOException {
        List<T> list = new ArrayList<>();
        for (int i = count(in); i > 0; i--) {
            list.add(part.read(in));
        }
        return list;
    }
}
