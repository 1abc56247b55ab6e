package io.atlasdb.jdbc;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.proto.client.Column;
import io.atlasdb.proto.client.Row;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The keys that an INSERT made, as a result set. */
final class GeneratedKeys {
    private GeneratedKeys() {}

    /** All key columns, or those of {@code names} in their order. */
    static AtlasResultSet result(AtlasStatement statement, List<Column> columns, List<Row> rows, List<String> names)
            throws SQLException {
        if (!names.isEmpty() && !columns.isEmpty()) {
            List<Integer> positions = new ArrayList<>();
            for (String name : names) {
                positions.add(position(columns, name));
            }
            List<Column> chosen = new ArrayList<>();
            positions.forEach(i -> chosen.add(columns.get(i)));
            List<Row> cut = new ArrayList<>();
            for (Row row : rows) {
                Row.Builder builder = Row.newBuilder();
                positions.forEach(i -> builder.addValues(row.getValues(i)));
                cut.add(builder.build());
            }
            return new AtlasResultSet(statement, chosen, cut, Rows.NONE, 0);
        }
        return new AtlasResultSet(statement, columns, rows, Rows.NONE, 0);
    }

    private static int position(List<Column> columns, String name) throws SQLException {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).getLabel().equalsIgnoreCase(name)) {
                return i;
            }
        }
        throw Errors.of(ErrorCode.NO_SUCH_COLUMN, name, " among the generated keys");
    }
}
