package io.atlasdb.node.bench;

import io.trino.tpch.TpchColumn;
import io.trino.tpch.TpchColumnType;
import io.trino.tpch.TpchTable;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The tables of TPC-H (specification 3.0.1, §1.4) as plain SQL: identifiers are BIGINT, amounts DECIMAL(15, 2), texts
 * VARCHAR. Foreign keys are left out.
 */
final class TpchSchema {
    private static final Map<String, String> PRIMARY_KEYS = Map.of(
            "part", "p_partkey",
            "supplier", "s_suppkey",
            "partsupp", "ps_partkey, ps_suppkey",
            "customer", "c_custkey",
            "orders", "o_orderkey",
            "lineitem", "l_orderkey, l_linenumber",
            "nation", "n_nationkey",
            "region", "r_regionkey");

    private static final List<String> INDEXES = List.of(
            "CREATE INDEX lineitem_by_part ON lineitem (l_partkey, l_suppkey)",
            "CREATE INDEX orders_by_customer ON orders (o_custkey)",
            "CREATE INDEX partsupp_by_supplier ON partsupp (ps_suppkey)");

    private TpchSchema() {}

    /** All eight tables, the small ones first. */
    static List<TpchTable<?>> tables() {
        return List.of(
                TpchTable.REGION,
                TpchTable.NATION,
                TpchTable.SUPPLIER,
                TpchTable.CUSTOMER,
                TpchTable.PART,
                TpchTable.PART_SUPPLIER,
                TpchTable.ORDERS,
                TpchTable.LINE_ITEM);
    }

    /** The name of a table in SQL, in lower case. */
    static String name(TpchTable<?> table) {
        return switch (table.getTableName().toLowerCase(Locale.ROOT)) {
            case "line_item" -> "lineitem";
            case "part_supplier" -> "partsupp";
            default -> table.getTableName().toLowerCase(Locale.ROOT);
        };
    }

    /** The statement that makes a table. */
    static String create(TpchTable<?> table) {
        String name = name(table);
        String columns = table.getColumns().stream()
                .map(column -> column.getColumnName() + " " + type(column.getType()) + " NOT NULL")
                .collect(Collectors.joining(",\n  "));
        return "CREATE TABLE " + name + " (\n  " + columns + ",\n  PRIMARY KEY (" + PRIMARY_KEYS.get(name) + "))";
    }

    /** The statement that inserts one row, with a parameter for each column. */
    static String insert(TpchTable<?> table) {
        String columns =
                table.getColumns().stream().map(TpchColumn::getColumnName).collect(Collectors.joining(", "));
        String parameters = table.getColumns().stream().map(c -> "?").collect(Collectors.joining(", "));
        return "INSERT INTO " + name(table) + " (" + columns + ") VALUES (" + parameters + ")";
    }

    /** The statements that make the indexes, to be run after the load. */
    static List<String> indexes() {
        return INDEXES;
    }

    /** About how many rows a table has; exact but for lineitem, whose orders have 1 to 7 lines. */
    static long rowsEstimated(TpchTable<?> table, double scale) {
        return switch (name(table)) {
            case "region" -> 5;
            case "nation" -> 25;
            case "supplier" -> Math.round(10_000 * scale);
            case "customer" -> Math.round(150_000 * scale);
            case "part" -> Math.round(200_000 * scale);
            case "partsupp" -> Math.round(800_000 * scale);
            case "orders" -> Math.round(1_500_000 * scale);
            default -> Math.round(6_000_000 * scale);
        };
    }

    private static String type(TpchColumnType type) {
        return switch (type.getBase()) {
            case IDENTIFIER -> "BIGINT";
            case INTEGER -> "INTEGER";
            case DOUBLE -> "DECIMAL(15, 2)";
            case DATE -> "DATE";
            case VARCHAR -> "VARCHAR(" + type.getPrecision().orElse(255L) + ")";
        };
    }
}
