package io.atlasdb.sql.catalog;

import java.util.List;
import java.util.Map;

/** The tables behind the socket's {@code KEY} commands: ordinary tables of schema KV, all with the same columns. */
public final class KeyTables {
    /** The schema that holds them. */
    public static final String SCHEMA = "KV";
    /** Positions of the columns in a row. */
    public static final int KEY = 0;

    public static final int VALUE = 1;
    public static final int UPDATED_AT = 2;
    public static final int RETAINED_UNTIL = 3;
    public static final int OWNER = 4;

    private KeyTables() {}

    /** The first version of a key table; {@code group} is usually its own {@code id}. */
    public static Table definition(String name, long id, long group) {
        SqlType text = SqlType.of(SqlType.Kind.VARCHAR);
        SqlType time = SqlType.of(SqlType.Kind.TIMESTAMP_TZ);
        return new Table(
                id,
                group,
                SCHEMA,
                name,
                1,
                List.of(
                        column(1, "KEY", text, false),
                        column(2, "VALUE", SqlType.of(SqlType.Kind.VARBINARY), true),
                        column(3, "UPDATED_AT", time, true),
                        column(4, "RETAINED_UNTIL", time, true),
                        column(5, "OWNER", text, true)),
                List.of(new Index.Part(1, false)),
                name + "_PK",
                List.of(),
                List.of(),
                6,
                Map.of());
    }

    private static Column column(int id, String name, SqlType type, boolean nullable) {
        return new Column(id, name, type, nullable, null, Column.Identity.NONE, null, false);
    }
}
