package io.atlasdb.sql.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlWith;
import org.jspecify.annotations.Nullable;

/**
 * What the columns of a result are called that the user did not name, as in PostgreSQL: a call by its function, a cast by what is cast
 * or else by the type, {@code CASE} and {@code EXISTS} by that word, the columns of {@code VALUES} by their number, anything else
 * {@code ?column?}. Inside a query such a column keeps Calcite's name, {@code EXPR$0}.
 */
final class Labels {
    private static final String UNNAMED = "?column?";
    private static final String INNER = "EXPR$";

    /** Null for a VALUES; an element is null for a star. */
    private final @Nullable List<@Nullable String> items;

    private Labels(@Nullable List<@Nullable String> items) {
        this.items = items;
    }

    /** Reads the names off a query as the parser gave it, since the validator rewrites calls. */
    static Labels of(SqlNode query) {
        SqlNode top = query;
        while (!(top instanceof SqlSelect)) {
            if (top instanceof SqlOrderBy order) {
                top = order.query;
            } else if (top instanceof SqlWith with) {
                top = with.body;
            } else if (top.getKind() == SqlKind.VALUES) {
                return new Labels(null);
            } else if (SqlKind.SET_QUERY.contains(top.getKind())) {
                top = ((SqlCall) top).operand(0);
            } else {
                return new Labels(List.of());
            }
        }
        List<@Nullable String> names = new ArrayList<>();
        for (SqlNode item : ((SqlSelect) top).getSelectList()) {
            boolean star = item instanceof SqlIdentifier name && name.isStar();
            names.add(star ? null : name(item));
        }
        return new Labels(names);
    }

    /**
     * The label of a column.
     *
     * @param index of the column among all {@code count}
     * @param field how Calcite calls it
     */
    String label(int index, int count, String field) {
        if (!field.startsWith(INNER)) {
            return field;
        }
        if (items == null) {
            return "COLUMN" + (index + 1);
        }
        int star = items.indexOf(null);
        int fromEnd = items.size() - (count - index);
        @Nullable String name = null;
        if (star < 0 || index < star) {
            name = index < items.size() ? items.get(index) : UNNAMED;
        } else if (fromEnd > items.lastIndexOf(null)) {
            name = items.get(fromEnd);
        }
        return name == null ? field : name;
    }

    private static String name(SqlNode node) {
        String name = derived(node);
        return name == null ? UNNAMED : name;
    }

    private static @Nullable String derived(SqlNode node) {
        if (node instanceof SqlIdentifier column) {
            return column.names.get(column.names.size() - 1);
        }
        if (node instanceof SqlSelect select && select.getSelectList().size() == 1) {
            return derived(select.getSelectList().get(0));
        }
        if (node instanceof SqlLiteral || !(node instanceof SqlCall call)) {
            return null;
        }
        return switch (call.getKind()) {
            case AS -> derived(call.operand(1));
            case CAST -> cast(call);
            case CASE, EXISTS, EXTRACT, ROW -> call.getKind().name();
            case OVER, FILTER, WITHIN_GROUP, IGNORE_NULLS, RESPECT_NULLS, SCALAR_QUERY, ORDER_BY ->
                derived(call.operand(0));
            case ARRAY_VALUE_CONSTRUCTOR, ARRAY_QUERY_CONSTRUCTOR -> "ARRAY";
            default -> function(call);
        };
    }

    private static String cast(SqlCall call) {
        SqlNode value = call.operand(0);
        String inner = derived(value);
        if (inner != null) {
            return inner;
        }
        return call.operand(1) instanceof SqlDataTypeSpec type
                        && type.getTypeName().isSimple()
                ? type.getTypeName().getSimple().toUpperCase(Locale.ROOT)
                : "CAST";
    }

    private static @Nullable String function(SqlCall call) {
        return call.getOperator() instanceof SqlFunction function
                ? function.getName().toUpperCase(Locale.ROOT)
                : null;
    }
}
