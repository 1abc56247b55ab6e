package io.atlasdb.node.bench;

import io.trino.tpch.TpchColumn;
import io.trino.tpch.TpchEntity;
import io.trino.tpch.TpchTable;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.List;

/** Makes the tables of TPC-H and fills them through JDBC batches. The same scale gives the same rows, always. */
final class TpchLoader {
    /** Rows of one batch, which is one transaction: large enough that the commit does not matter. */
    private static final int BATCH_ROWS = 1_000;

    private TpchLoader() {}

    /**
     * Makes, fills and indexes all tables.
     *
     * @param scale the scale factor of the specification; 1 is about 8.7 million rows
     * @return how many rows were loaded
     */
    static long load(Connection connection, double scale, PrintStream out) throws SQLException {
        long rows = 0;
        try (Statement statement = connection.createStatement()) {
            for (TpchTable<?> table : TpchSchema.tables()) {
                statement.execute(TpchSchema.create(table));
            }
            for (TpchTable<?> table : TpchSchema.tables()) {
                rows += fill(connection, table, scale, out);
            }
            for (String index : TpchSchema.indexes()) {
                statement.execute(index);
            }
        }
        return rows;
    }

    private static <E extends TpchEntity> long fill(
            Connection connection, TpchTable<E> table, double scale, PrintStream out) throws SQLException {
        long rows = 0;
        int pending = 0;
        connection.setAutoCommit(false);
        try (PreparedStatement insert = connection.prepareStatement(TpchSchema.insert(table));
                ProgressBar bar = new ProgressBar(
                        out,
                        TpchSchema.name(table),
                        TpchSchema.rowsEstimated(table, scale),
                        ProgressBar.onTerminal())) {
            for (E entity : table.createGenerator(scale, 1, 1)) {
                bind(insert, table.getColumns(), entity);
                insert.addBatch();
                pending++;
                if (pending == BATCH_ROWS) {
                    commit(connection, insert, bar, pending);
                    rows += pending;
                    pending = 0;
                }
            }
            if (pending > 0) {
                commit(connection, insert, bar, pending);
                rows += pending;
            }
        } finally {
            connection.setAutoCommit(true);
        }
        return rows;
    }

    private static void commit(Connection connection, PreparedStatement insert, ProgressBar bar, int rows)
            throws SQLException {
        insert.executeBatch();
        connection.commit();
        bar.add(rows);
    }

    private static <E extends TpchEntity> void bind(PreparedStatement insert, List<TpchColumn<E>> columns, E entity)
            throws SQLException {
        for (int i = 0; i < columns.size(); i++) {
            TpchColumn<E> column = columns.get(i);
            int parameter = i + 1;
            switch (column.getType().getBase()) {
                case IDENTIFIER -> insert.setLong(parameter, column.getIdentifier(entity));
                case INTEGER -> insert.setInt(parameter, column.getInteger(entity));
                // The generator counts in cents and divides, so that rounding gives the cents back exactly.
                case DOUBLE ->
                    insert.setBigDecimal(
                            parameter,
                            BigDecimal.valueOf(column.getDouble(entity)).setScale(2, RoundingMode.HALF_UP));
                case DATE -> insert.setDate(parameter, Date.valueOf(LocalDate.ofEpochDay(column.getDate(entity))));
                case VARCHAR -> insert.setString(parameter, column.getString(entity));
            }
        }
    }
}
