package io.atlasdb.node.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code DatabaseMetaData} through the driver, from the catalog of the server. */
class DriverMetadataTest {
    private static Server server;
    private static Connection connection;
    private static DatabaseMetaData metadata;

    @BeforeAll
    static void start() throws Exception {
        server = new Server();
        connection = server.connect();
        metadata = connection.getMetaData();
    }

    @AfterAll
    static void stop() throws Exception {
        connection.close();
        server.close();
    }

    private static List<String> list(ResultSet r, String... columns) throws SQLException {
        List<String> rows = new ArrayList<>();
        while (r.next()) {
            List<String> row = new ArrayList<>();
            for (String column : columns) {
                row.add(r.getString(column));
            }
            rows.add(String.join("|", row));
        }
        return rows;
    }

    @Test
    void tablesByPattern() throws Exception {
        assertThat(list(metadata.getTables(null, null, "T_A", null), "TABLE_NAME"))
                .containsExactly("TXA", "T_A");
        assertThat(list(metadata.getTables(null, "PUB%", "T\\_A", new String[] {"TABLE"}), "TABLE_SCHEM", "TABLE_NAME"))
                .containsExactly("PUBLIC|T_A");
        assertThat(list(metadata.getTables(null, null, "%", new String[] {"VIEW"}), "TABLE_NAME"))
                .isEmpty();
        assertThat(list(metadata.getTables(null, "", null, null), "TABLE_NAME")).isEmpty();
        assertThat(list(metadata.getSchemas(), "TABLE_SCHEM")).containsExactly("PUBLIC", "S2");
        assertThat(list(metadata.getSchemas(null, "S_"), "TABLE_SCHEM")).containsExactly("S2");
    }

    @Test
    void columns() throws Exception {
        ResultSet r = metadata.getColumns(null, "PUBLIC", "T\\_A", null);
        assertThat(list(
                        r,
                        "COLUMN_NAME",
                        "TYPE_NAME",
                        "COLUMN_SIZE",
                        "ORDINAL_POSITION",
                        "IS_NULLABLE",
                        "IS_AUTOINCREMENT"))
                .containsExactly("ID|BIGINT|19|1|NO|YES", "NAME|VARCHAR|40|2|YES|NO", "PRICE|DECIMAL|10|3|YES|NO");
        ResultSet price = metadata.getColumns(null, null, "T\\_A", "PR%");
        assertThat(price.next()).isTrue();
        assertThat(price.getInt("DATA_TYPE")).isEqualTo(Types.DECIMAL);
        assertThat(price.getInt("DECIMAL_DIGITS")).isEqualTo(2);
        assertThat(price.getMetaData().getColumnCount()).isEqualTo(24);
    }

    @Test
    void keysAndIndexes() throws Exception {
        assertThat(list(metadata.getPrimaryKeys(null, "PUBLIC", "T_A"), "COLUMN_NAME", "KEY_SEQ", "PK_NAME"))
                .containsExactly("ID|1|PK_T_A");
        assertThat(list(
                        metadata.getIndexInfo(null, null, "T_A", false, true),
                        "INDEX_NAME",
                        "NON_UNIQUE",
                        "ORDINAL_POSITION",
                        "COLUMN_NAME",
                        "ASC_OR_DESC"))
                .containsExactly(
                        "PK_T_A|false|1|ID|A",
                        "T_A_U|false|1|PRICE|A",
                        "T_A_NAME|true|1|NAME|D",
                        "T_A_NAME|true|2|PRICE|A");
        assertThat(list(metadata.getIndexInfo(null, null, "T_A", true, true), "INDEX_NAME"))
                .containsExactly("PK_T_A", "T_A_U");
        assertThat(list(metadata.getBestRowIdentifier(null, null, "T_A", 0, true), "COLUMN_NAME"))
                .containsExactly("ID");
        assertThat(metadata.getImportedKeys(null, null, "T_A").next()).isFalse();
        assertThat(metadata.getImportedKeys(null, null, "T_A").getMetaData().getColumnCount())
                .isEqualTo(14);
    }

    @Test
    void capabilities() throws Exception {
        assertThat(metadata.getDatabaseProductName()).isEqualTo("Atlas");
        assertThat(metadata.getDatabaseProductVersion()).isEqualTo("0.1.0");
        assertThat(metadata.getDatabaseMajorVersion()).isZero();
        assertThat(metadata.getDatabaseMinorVersion()).isEqualTo(1);
        assertThat(metadata.supportsTransactions()).isTrue();
        assertThat(metadata.supportsSavepoints()).isTrue();
        assertThat(metadata.supportsStoredProcedures()).isFalse();
        assertThat(metadata.storesUpperCaseIdentifiers()).isTrue();
        assertThat(metadata.getIdentifierQuoteString()).isEqualTo("\"");
        assertThat(metadata.getSearchStringEscape()).isEqualTo("\\");
        assertThat(metadata.getURL()).startsWith("jdbc:atlas://127.0.0.1:");
        assertThat(list(metadata.getTypeInfo(), "TYPE_NAME")).contains("BIGINT", "UUID", "TIMESTAMP WITH TIME ZONE");
        assertThat(list(metadata.getTableTypes(), "TABLE_TYPE")).containsExactly("SYSTEM TABLE", "TABLE");
        assertThat(metadata.getCatalogs().next()).isFalse();
    }

    /** Every method without arguments answers: none was forgotten, none throws. */
    @Test
    void everyQuestionHasAnAnswer() throws Exception {
        for (java.lang.reflect.Method method : DatabaseMetaData.class.getMethods()) {
            if (method.getParameterCount() == 0) {
                if (method.invoke(metadata) instanceof ResultSet r) {
                    assertThat(r.getMetaData().getColumnCount())
                            .as(method.getName())
                            .isPositive();
                }
            }
        }
    }
}
