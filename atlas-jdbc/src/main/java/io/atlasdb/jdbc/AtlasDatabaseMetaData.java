package io.atlasdb.jdbc;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.proto.client.Column;
import io.atlasdb.proto.client.Executed;
import io.atlasdb.proto.client.Metadata;
import io.atlasdb.proto.client.Request;
import io.atlasdb.proto.client.Row;
import io.atlasdb.proto.client.Type;
import io.atlasdb.proto.client.Value;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.RowIdLifetime;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Metadata. What the catalog knows is asked of the server, one request each; what Atlas has none of is empty. */
final class AtlasDatabaseMetaData extends Facts {
    private static final String KEYS = "PKTABLE_CAT PKTABLE_SCHEM PKTABLE_NAME PKCOLUMN_NAME FKTABLE_CAT FKTABLE_SCHEM"
            + " FKTABLE_NAME FKCOLUMN_NAME KEY_SEQ# UPDATE_RULE# DELETE_RULE# FK_NAME PK_NAME DEFERRABILITY#";

    private final AtlasConnection connection;

    AtlasDatabaseMetaData(AtlasConnection connection) {
        this.connection = connection;
    }

    private ResultSet ask(Metadata.Builder question) throws SQLException {
        Executed answer = connection
                .channel()
                .call(Request.newBuilder().setMetadata(question), Channel.Loss.HARMLESS)
                .getExecuted();
        return result(answer.getColumnsList(), answer.getFrame().getRowsList());
    }

    private AtlasResultSet result(List<Column> columns, List<Row> rows) {
        AtlasStatement owner = new AtlasStatement(connection, 0);
        return new AtlasResultSet(owner, columns, rows, Rows.NONE, 0);
    }

    private static Metadata.Builder question(
            Metadata.Kind kind, @Nullable String schema, @Nullable String table, @Nullable String column) {
        Metadata.Builder question = Metadata.newBuilder().setKind(kind);
        if (schema != null) {
            question.setSchema(schema);
        }
        if (table != null) {
            question.setTable(table);
        }
        if (column != null) {
            question.setColumn(column);
        }
        return question;
    }

    /** A result without rows; {@code #} behind a name makes its column an INTEGER, else it is a VARCHAR. */
    private ResultSet empty(String names) {
        return result(columns(names), List.of());
    }

    private static List<Column> columns(String names) {
        List<Column> columns = new ArrayList<>();
        for (String name : names.split(" ", -1)) {
            boolean number = name.endsWith("#");
            Type.Kind kind = number ? Type.Kind.INTEGER : Type.Kind.VARCHAR;
            columns.add(Column.newBuilder()
                    .setLabel(number ? name.substring(0, name.length() - 1) : name)
                    .setType(Type.newBuilder().setKind(kind).setName(kind.name()))
                    .setNullable(true)
                    .build());
        }
        return columns;
    }

    @Override
    public ResultSet getSchemas() throws SQLException {
        return ask(question(Metadata.Kind.SCHEMAS, null, null, null));
    }

    @Override
    public ResultSet getSchemas(@Nullable String catalog, @Nullable String schemaPattern) throws SQLException {
        return ask(question(Metadata.Kind.SCHEMAS, schemaPattern, null, null));
    }

    @Override
    public ResultSet getCatalogs() {
        return empty("TABLE_CAT");
    }

    @Override
    public ResultSet getTableTypes() throws SQLException {
        return ask(question(Metadata.Kind.TABLE_TYPES, null, null, null));
    }

    @Override
    public ResultSet getTables(
            @Nullable String catalog,
            @Nullable String schemaPattern,
            @Nullable String tablePattern,
            String @Nullable [] types)
            throws SQLException {
        Metadata.Builder question = question(Metadata.Kind.TABLES, schemaPattern, tablePattern, null);
        return ask(types == null ? question : question.addAllTypes(List.of(types)));
    }

    @Override
    public ResultSet getColumns(
            @Nullable String catalog,
            @Nullable String schemaPattern,
            @Nullable String tablePattern,
            @Nullable String columnPattern)
            throws SQLException {
        return ask(question(Metadata.Kind.COLUMNS, schemaPattern, tablePattern, columnPattern));
    }

    @Override
    public ResultSet getPrimaryKeys(@Nullable String catalog, @Nullable String schema, String table)
            throws SQLException {
        return ask(question(Metadata.Kind.PRIMARY_KEYS, schema, table, null));
    }

    @Override
    public ResultSet getIndexInfo(
            @Nullable String catalog, @Nullable String schema, String table, boolean unique, boolean approximate)
            throws SQLException {
        return ask(question(Metadata.Kind.INDEX_INFO, schema, table, null).setUnique(unique));
    }

    @Override
    public ResultSet getBestRowIdentifier(
            @Nullable String catalog, @Nullable String schema, String table, int scope, boolean nullable)
            throws SQLException {
        return ask(question(Metadata.Kind.BEST_ROW_IDENTIFIER, schema, table, null));
    }

    @Override
    public ResultSet getTypeInfo() throws SQLException {
        return ask(question(Metadata.Kind.TYPE_INFO, null, null, null));
    }

    @Override
    public ResultSet getImportedKeys(@Nullable String catalog, @Nullable String schema, String table) {
        return empty(KEYS);
    }

    @Override
    public ResultSet getExportedKeys(@Nullable String catalog, @Nullable String schema, String table) {
        return empty(KEYS);
    }

    @Override
    public ResultSet getCrossReference(
            @Nullable String parentCatalog,
            @Nullable String parentSchema,
            String parentTable,
            @Nullable String foreignCatalog,
            @Nullable String foreignSchema,
            String foreignTable) {
        return empty(KEYS);
    }

    @Override
    public ResultSet getProcedures(@Nullable String catalog, @Nullable String schema, @Nullable String name) {
        return empty("PROCEDURE_CAT PROCEDURE_SCHEM PROCEDURE_NAME RESERVED1 RESERVED2 RESERVED3 REMARKS"
                + " PROCEDURE_TYPE# SPECIFIC_NAME");
    }

    @Override
    public ResultSet getProcedureColumns(
            @Nullable String catalog, @Nullable String schema, @Nullable String name, @Nullable String column) {
        return empty("PROCEDURE_CAT PROCEDURE_SCHEM PROCEDURE_NAME COLUMN_NAME COLUMN_TYPE# DATA_TYPE# TYPE_NAME"
                + " PRECISION# LENGTH# SCALE# RADIX# NULLABLE# REMARKS COLUMN_DEF SQL_DATA_TYPE# SQL_DATETIME_SUB#"
                + " CHAR_OCTET_LENGTH# ORDINAL_POSITION# IS_NULLABLE SPECIFIC_NAME");
    }

    @Override
    public ResultSet getFunctions(@Nullable String catalog, @Nullable String schema, @Nullable String name) {
        return empty("FUNCTION_CAT FUNCTION_SCHEM FUNCTION_NAME REMARKS FUNCTION_TYPE# SPECIFIC_NAME");
    }

    @Override
    public ResultSet getFunctionColumns(
            @Nullable String catalog, @Nullable String schema, @Nullable String name, @Nullable String column) {
        return empty("FUNCTION_CAT FUNCTION_SCHEM FUNCTION_NAME COLUMN_NAME COLUMN_TYPE# DATA_TYPE# TYPE_NAME"
                + " PRECISION# LENGTH# SCALE# RADIX# NULLABLE# REMARKS CHAR_OCTET_LENGTH# ORDINAL_POSITION#"
                + " IS_NULLABLE SPECIFIC_NAME");
    }

    @Override
    public ResultSet getColumnPrivileges(
            @Nullable String catalog, @Nullable String schema, String table, @Nullable String column) {
        return empty("TABLE_CAT TABLE_SCHEM TABLE_NAME COLUMN_NAME GRANTOR GRANTEE PRIVILEGE IS_GRANTABLE");
    }

    @Override
    public ResultSet getTablePrivileges(@Nullable String catalog, @Nullable String schema, @Nullable String table) {
        return empty("TABLE_CAT TABLE_SCHEM TABLE_NAME GRANTOR GRANTEE PRIVILEGE IS_GRANTABLE");
    }

    @Override
    public ResultSet getVersionColumns(@Nullable String catalog, @Nullable String schema, String table) {
        return empty("SCOPE# COLUMN_NAME DATA_TYPE# TYPE_NAME COLUMN_SIZE# BUFFER_LENGTH# DECIMAL_DIGITS#"
                + " PSEUDO_COLUMN#");
    }

    @Override
    public ResultSet getUDTs(
            @Nullable String catalog, @Nullable String schema, @Nullable String name, int @Nullable [] types) {
        return empty("TYPE_CAT TYPE_SCHEM TYPE_NAME CLASS_NAME DATA_TYPE# REMARKS BASE_TYPE#");
    }

    @Override
    public ResultSet getSuperTypes(@Nullable String catalog, @Nullable String schema, @Nullable String name) {
        return empty("TYPE_CAT TYPE_SCHEM TYPE_NAME SUPERTYPE_CAT SUPERTYPE_SCHEM SUPERTYPE_NAME");
    }

    @Override
    public ResultSet getSuperTables(@Nullable String catalog, @Nullable String schema, @Nullable String table) {
        return empty("TABLE_CAT TABLE_SCHEM TABLE_NAME SUPERTABLE_NAME");
    }

    @Override
    public ResultSet getAttributes(
            @Nullable String catalog, @Nullable String schema, @Nullable String type, @Nullable String attribute) {
        return empty("TYPE_CAT TYPE_SCHEM TYPE_NAME ATTR_NAME DATA_TYPE# ATTR_TYPE_NAME ATTR_SIZE# DECIMAL_DIGITS#"
                + " NUM_PREC_RADIX# NULLABLE# REMARKS ATTR_DEF SQL_DATA_TYPE# SQL_DATETIME_SUB# CHAR_OCTET_LENGTH#"
                + " ORDINAL_POSITION# IS_NULLABLE SCOPE_CATALOG SCOPE_SCHEMA SCOPE_TABLE SOURCE_DATA_TYPE#");
    }

    @Override
    public ResultSet getPseudoColumns(
            @Nullable String catalog, @Nullable String schema, @Nullable String table, @Nullable String column) {
        return empty("TABLE_CAT TABLE_SCHEM TABLE_NAME COLUMN_NAME DATA_TYPE# COLUMN_SIZE# DECIMAL_DIGITS#"
                + " NUM_PREC_RADIX# COLUMN_USAGE REMARKS CHAR_OCTET_LENGTH# IS_NULLABLE");
    }

    @Override
    public ResultSet getClientInfoProperties() {
        List<Row> rows = new ArrayList<>();
        for (String name : ConnectionDefaults.CLIENT_INFO) {
            rows.add(Row.newBuilder()
                    .addValues(Value.newBuilder().setText(name))
                    .addValues(Value.newBuilder().setInteger(256))
                    .addValues(Value.newBuilder().setText(""))
                    .addValues(Value.newBuilder().setText("Told by the program."))
                    .build());
        }
        return result(columns("NAME MAX_LEN# DEFAULT_VALUE DESCRIPTION"), rows);
    }

    @Override
    public String getURL() {
        return connection.url();
    }

    @Override
    public String getUserName() {
        return connection.user();
    }

    @Override
    public boolean isReadOnly() throws SQLException {
        return connection.isReadOnly();
    }

    @Override
    public String getDatabaseProductVersion() {
        return connection.channel().serverVersion();
    }

    @Override
    public int getDatabaseMajorVersion() throws SQLException {
        return version(0);
    }

    @Override
    public int getDatabaseMinorVersion() throws SQLException {
        return version(1);
    }

    private int version(int part) throws SQLException {
        String[] parts = getDatabaseProductVersion().split("[.-]", -1);
        if (part < parts.length && parts[part].matches("\\d{1,6}")) {
            return Integer.parseInt(parts[part]);
        }
        throw Errors.of(ErrorCode.PROTOCOL, "the server's version is " + getDatabaseProductVersion());
    }

    @Override
    public Connection getConnection() {
        return connection;
    }

    @Override
    public RowIdLifetime getRowIdLifetime() {
        return RowIdLifetime.ROWID_UNSUPPORTED;
    }
}
