package io.atlasdb.node.bench;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Compares results of two systems row by row. Exact numbers of the same scale must be equal; where the systems keep different
 * numbers of digits (averages, quotients) they may differ by one in the last digit that both have. Doubles may differ by
 * 1e-9 of their size. Everything else must be equal as text.
 */
final class RowComparison {
    private static final double RELATIVE = 1e-9;

    private RowComparison() {}

    /** All rows of a result. */
    static List<List<Object>> rows(ResultSet result) throws SQLException {
        List<List<Object>> rows = new ArrayList<>();
        int columns = result.getMetaData().getColumnCount();
        while (result.next()) {
            List<Object> row = new ArrayList<>();
            for (int i = 1; i <= columns; i++) {
                Object value = result.getObject(i);
                row.add(value == null ? "NULL" : value);
            }
            rows.add(row);
        }
        return rows;
    }

    /** The first difference, or empty when there is none. */
    static Optional<String> difference(List<List<Object>> found, List<List<Object>> wanted) {
        for (int i = 0; i < Math.min(found.size(), wanted.size()); i++) {
            List<Object> row = found.get(i);
            if (row.size() != wanted.get(i).size()) {
                return Optional.of("row " + i + " has " + row.size() + " columns instead of "
                        + wanted.get(i).size());
            }
            for (int column = 0; column < row.size(); column++) {
                if (!same(row.get(column), wanted.get(i).get(column))) {
                    return Optional.of("row " + i + ", column " + column + ": " + row + " instead of " + wanted.get(i));
                }
            }
        }
        return found.size() == wanted.size()
                ? Optional.empty()
                : Optional.of(found.size() + " rows instead of " + wanted.size());
    }

    private static boolean same(Object found, Object wanted) {
        if (!(found instanceof Number) || !(wanted instanceof Number)) {
            return found.toString().equals(wanted.toString());
        }
        if (found instanceof Double || wanted instanceof Double || found instanceof Float || wanted instanceof Float) {
            double a = ((Number) found).doubleValue();
            double b = ((Number) wanted).doubleValue();
            return Math.abs(a - b) <= RELATIVE * Math.max(Math.abs(a), Math.abs(b));
        }
        BigDecimal a = new BigDecimal(found.toString());
        BigDecimal b = new BigDecimal(wanted.toString());
        if (a.scale() == b.scale()) {
            return a.equals(b);
        }
        BigDecimal lastDigit = BigDecimal.ONE.movePointLeft(Math.min(a.scale(), b.scale()));
        return a.compareTo(b) == 0 || a.subtract(b).abs().compareTo(lastDigit) <= 0;
    }
}
