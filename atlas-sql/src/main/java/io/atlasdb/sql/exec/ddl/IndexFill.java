package io.atlasdb.sql.exec.ddl;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.Index;
import io.atlasdb.sql.catalog.SqlType;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.codec.IndexEntry;
import io.atlasdb.sql.codec.TableCodec;
import io.atlasdb.sql.store.Retention;
import io.atlasdb.sql.tx.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Writes the index entry of one stored row. */
final class IndexFill {
    private IndexFill() {}

    /**
     * Writes the entry unless it is there.
     *
     * @throws io.atlasdb.proto.AtlasException {@code UNIQUE} when another row has it
     */
    static void put(Transaction transaction, TableCodec codec, Index index, byte[] key, byte[] value) {
        Table table = codec.table();
        @Nullable Object[] row = codec.decode(key, value);
        IndexEntry entry = codec.entry(index, row);
        byte[] present = transaction.check(table.group(), entry.key());
        if (present == null) {
            transaction.put(table.group(), entry.key(), Retention.of(value).on(entry.value()));
        } else if (entry.unique() && !Arrays.equals(Retention.body(present), entry.value())) {
            throw ErrorCode.UNIQUE.error(
                    index.name() + " of table " + table.qualifiedName(), describe(table, index, row));
        }
    }

    private static String describe(Table table, Index index, @Nullable Object[] row) {
        StringJoiner values = new StringJoiner(", ", "(", ")");
        for (Index.Part part : index.parts()) {
            int position = table.position(part.column());
            values.add(text(table.columns().get(position).type(), row[position]));
        }
        return "(" + String.join(", ", DdlExecutor.names(table, index.parts())) + ") = " + values;
    }

    private static String text(SqlType type, @Nullable Object value) {
        if (value instanceof byte[] bytes) {
            return "X'" + HexFormat.of().formatHex(bytes) + "'";
        }
        if (value instanceof Long micros) {
            Duration since = Duration.of(micros, ChronoUnit.MICROS);
            return switch (type.kind()) {
                case TIME -> LocalTime.MIDNIGHT.plus(since).toString();
                case TIMESTAMP -> LocalDate.EPOCH.atStartOfDay().plus(since).toString();
                case TIMESTAMP_TZ -> Instant.EPOCH.plus(since).toString();
                case INTERVAL_DAY_TIME -> since.toString();
                default -> micros.toString();
            };
        }
        return value instanceof Integer days && type.kind() == SqlType.Kind.DATE
                ? LocalDate.ofEpochDay(days).toString()
                : String.valueOf(value);
    }
}
