package io.atlasdb.sql.plan;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.Column;
import io.atlasdb.sql.catalog.SqlType;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.plan.QueryPlanner.Rewritten;
import io.atlasdb.sql.plan.ast.Nodes;
import io.atlasdb.sql.plan.rules.KeyMatch;
import io.atlasdb.sql.plan.types.AtlasTypeFactory;
import io.atlasdb.sql.plan.types.Types;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDelete;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlUpdate;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/** Plans INSERT, UPSERT, UPDATE and DELETE. Their rows come from a query that is planned like any other. */
final class DmlPlanner {
    private static final SqlParserPos NOWHERE = SqlParserPos.ZERO;

    private final PlanningContext context;
    private final Slots slots;

    DmlPlanner(PlanningContext context, Slots slots) {
        this.context = context;
        this.slots = slots;
    }

    Plan plan(SqlNode node) {
        if (node instanceof SqlInsert insert) {
            return insert(insert);
        }
        return node instanceof SqlUpdate update ? update(update) : delete((SqlDelete) node);
    }

    private Plan insert(SqlInsert insert) {
        Table table = table(insert.getTargetTable());
        String verb = insert.isUpsert() ? "upsert" : "insert";
        if (Nodes.isDefaultValues(insert)) {
            return new InsertPlan(
                    table,
                    new int[0],
                    null,
                    List.of(List.of()),
                    insert.isUpsert(),
                    List.of(),
                    List.of(table),
                    verb + " default values into " + table.qualifiedName());
        }
        int[] targets = targets(table, insert.getTargetColumnList());
        SqlNode source = insert.getSource();
        if (source.getKind() == SqlKind.VALUES) {
            InsertRows rows = new InsertRows(context, slots, table, targets);
            rows.add(((SqlCall) source).getOperandList());
            return new InsertPlan(
                    table,
                    targets,
                    null,
                    rows.rows(),
                    insert.isUpsert(),
                    rows.parameters(),
                    List.of(table),
                    verb + " " + rows.rows().size() + " rows into " + table.qualifiedName());
        }
        List<SqlType> types = new ArrayList<>();
        for (int target : targets) {
            types.add(table.columns().get(target).type());
        }
        SqlNode typed = withTypedParameters(source, types);
        Rewritten rewritten = new QueryPlanner(context, slots).rewriteFor(typed, types, table);
        QueryPlan query = rewritten.compile();
        return new InsertPlan(
                table,
                targets,
                query,
                List.of(),
                insert.isUpsert(),
                query.parameters(),
                with(table, query.tables()),
                verb + " into " + table.qualifiedName() + "\n"
                        + query.explain().indent(2).stripTrailing());
    }

    /** A bare parameter in the select list takes the type of its column. */
    private SqlNode withTypedParameters(SqlNode source, List<SqlType> types) {
        if (source instanceof SqlSelect select && select.getSelectList().size() == types.size()) {
            SqlNodeList list = select.getSelectList();
            for (int i = 0; i < list.size(); i++) {
                list.set(i, typed(list.get(i), types.get(i)));
            }
        }
        return source;
    }

    private static SqlNode typed(SqlNode node, SqlType type) {
        if (!(node instanceof SqlDynamicParam)) {
            return node;
        }
        AtlasTypeFactory factory = new AtlasTypeFactory();
        return SqlStdOperatorTable.CAST.createCall(
                node.getParserPosition(),
                node,
                SqlTypeUtil.convertTypeToSpec(Types.toCalcite(factory, unlimited(type), true)));
    }

    /** A text that is too long for its column is an error of the assignment, not to be cut by this cast. */
    private static SqlType unlimited(SqlType type) {
        return switch (type.kind()) {
            case CHAR, VARCHAR, JSON -> SqlType.of(SqlType.Kind.VARCHAR);
            default -> type;
        };
    }

    private int[] targets(Table table, @Nullable SqlNodeList columns) {
        if (columns == null || columns.isEmpty()) {
            // What the statement that made the table did not declare, a row need not name either.
            int added = table.options().containsKey(Table.RETAIN) ? table.retentionPosition() : -1;
            return java.util.stream.IntStream.range(0, table.columns().size())
                    .filter(i -> i != added && !table.columns().get(i).hidden())
                    .toArray();
        }
        int[] targets = new int[columns.size()];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = position(table, columns.get(i));
            for (int j = 0; j < i; j++) {
                if (targets[j] == targets[i]) {
                    throw ErrorCode.SYNTAX.error("column "
                            + table.columns().get(targets[i]).name() + " is named twice" + place(columns.get(i)));
                }
            }
        }
        return targets;
    }

    private int position(Table table, SqlNode column) {
        SqlIdentifier identifier = (SqlIdentifier) column;
        String name = identifier.names.get(identifier.names.size() - 1);
        int position = table.position(name);
        if (position < 0 || table.columns().get(position).hidden()) {
            throw ErrorCode.NO_SUCH_COLUMN.error(
                    name,
                    ValidationErrors.nearest(
                                    name,
                                    table.columns().stream()
                                            .filter(c -> !c.hidden())
                                            .map(Column::name))
                            + place(column));
        }
        return position;
    }

    private static String place(SqlNode node) {
        SqlParserPos position = node.getParserPosition();
        return " (line " + position.getLineNum() + ", column " + position.getColumnNum() + ")";
    }

    private Table table(SqlNode node) {
        SqlIdentifier identifier = (SqlIdentifier) node;
        List<String> names = identifier.names;
        String name = names.get(names.size() - 1);
        String schema = names.size() > 1 ? names.get(names.size() - 2) : context.schema();
        Table table = context.catalog().table(schema, name);
        if (table == null) {
            Map<String, Table> tables = context.catalog().schemas().get(schema);
            if (tables == null) {
                throw ErrorCode.NO_SUCH_SCHEMA.error(
                        schema,
                        ValidationErrors.nearest(schema, context.catalog().schemas().keySet().stream()) + place(node));
            }
            throw ErrorCode.NO_SUCH_TABLE.error(
                    identifier.toString(), ValidationErrors.nearest(name, tables.keySet().stream()) + place(node));
        }
        return table;
    }

    private Plan update(SqlUpdate update) {
        Table table = table(update.getTargetTable());
        List<SqlNode> select = row(table, update.getAlias());
        int[] set = targets(table, update.getTargetColumnList());
        List<SqlType> types = new ArrayList<>();
        for (int i = 0; i < set.length; i++) {
            Column column = table.columns().get(set[i]);
            types.add(column.type());
            select.add(value(column, update.getSourceExpressionList().get(i)));
        }
        int width = table.columns().size();
        Rewritten rewritten = new QueryPlanner(context, slots)
                .rewrite(
                        select(select, update.getTargetTable(), update.getAlias(), update.getCondition()),
                        types,
                        width);
        KeyMatch match = rewritten.byKey();
        if (match != null && match.outputs().stream().allMatch(Objects::nonNull)) {
            List<RowExpression> values = new ArrayList<>();
            for (RowExpression value : match.outputs().subList(width, width + set.length)) {
                values.add(Objects.requireNonNull(value));
            }
            return new KeyUpdatePlan(
                    table, match.key(), set, values, rewritten.parameters(), "update " + match.explain());
        }
        QueryPlan query = rewritten.compile();
        return new UpdatePlan(
                table,
                set,
                query,
                query.parameters(),
                with(table, query.tables()),
                "update " + table.qualifiedName() + "\n"
                        + query.explain().indent(2).stripTrailing());
    }

    private Plan delete(SqlDelete delete) {
        Table table = table(delete.getTargetTable());
        Rewritten rewritten = new QueryPlanner(context, slots)
                .rewrite(
                        select(
                                row(table, delete.getAlias()),
                                delete.getTargetTable(),
                                delete.getAlias(),
                                delete.getCondition()),
                        List.of(),
                        0);
        KeyMatch match = rewritten.byKey();
        if (match != null) {
            return new KeyDeletePlan(table, match.key(), rewritten.parameters(), "delete " + match.explain());
        }
        QueryPlan query = rewritten.compile();
        return new DeletePlan(
                table,
                query,
                query.parameters(),
                with(table, query.tables()),
                "delete from " + table.qualifiedName() + "\n"
                        + query.explain().indent(2).stripTrailing());
    }

    /** Every column of the target, hidden ones as well. */
    private static List<SqlNode> row(Table table, @Nullable SqlIdentifier alias) {
        String name = alias == null ? table.name() : alias.getSimple();
        List<SqlNode> columns = new ArrayList<>();
        for (Column column : table.columns()) {
            columns.add(new SqlIdentifier(List.of(name, column.name()), NOWHERE));
        }
        return columns;
    }

    private static SqlNode select(
            List<SqlNode> list, SqlNode target, @Nullable SqlIdentifier alias, @Nullable SqlNode condition) {
        SqlNode from = alias == null ? target : SqlStdOperatorTable.AS.createCall(NOWHERE, target, alias);
        return new SqlSelect(
                NOWHERE,
                null,
                new SqlNodeList(list, NOWHERE),
                from,
                condition,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    private static SqlNode value(Column column, SqlNode node) {
        if (node.getKind() != SqlKind.DEFAULT) {
            return typed(node, column.type());
        }
        if (column.identity() != Column.Identity.NONE) {
            throw ErrorCode.UNSUPPORTED.error("SET " + column.name() + " = DEFAULT of an identity column");
        }
        String text = column.defaultSql();
        return text == null ? SqlLiteral.createNull(NOWHERE) : StatementParser.parseExpression(text);
    }

    private static List<Table> with(Table target, List<Table> read) {
        Map<Long, Table> tables = new LinkedHashMap<>();
        tables.put(target.id(), target);
        read.forEach(table -> tables.putIfAbsent(table.id(), table));
        return List.copyOf(tables.values());
    }
}
