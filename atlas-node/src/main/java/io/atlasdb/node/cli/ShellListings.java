package io.atlasdb.node.cli;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The listings of the SQL shell, which psql's users know by their backslash commands, as queries on the system tables. */
final class ShellListings {
    private static final String OWN = "TABLE_SCHEMA NOT IN ('ATLAS', 'INFORMATION_SCHEMA')";

    private static volatile Map<String, String> regionUrls = Map.of();

    private ShellListings() {}

    /**
     * The query for a listing, without a semicolon; null when {@code command} is none.
     *
     * @param argument a name or empty; in upper case unless it is quoted, with % and _ as in LIKE
     */
    static @Nullable String query(String command, String argument) {
        return switch (command) {
            case "\\l" -> "SELECT SCHEMA_NAME AS \"SCHEMA\" FROM INFORMATION_SCHEMA.SCHEMATA ORDER BY 1";
            case "\\dt" -> tables(argument);
            case "\\d" -> argument.isEmpty() ? tables("") : columns(argument);
            case "\\owner" -> owners(argument);
            case "\\moves" ->
                "SELECT AT, GROUP_ID, FROM_REGION, TO_REGION, MOVED, GAIN_PERCENT, REASON FROM ATLAS.OWNERSHIP_HISTORY"
                        + " ORDER BY AT DESC FETCH FIRST 20 ROWS ONLY";
            case "\\wan" ->
                "SELECT FROM_REGION, TO_REGION, RTT_MS FROM ATLAS.RTT WHERE FROM_REGION <= TO_REGION ORDER BY 1, 2";
            case "\\di" ->
                "SELECT TABLE_SCHEMA AS \"SCHEMA\", TABLE_NAME AS \"TABLE\", INDEX_NAME AS \"INDEX\","
                        + " IS_UNIQUE AS \"UNIQUE\", COLUMNS, STATE FROM ATLAS.INDEXES WHERE "
                        + (argument.isEmpty() ? OWN : named(argument)) + " ORDER BY 1, 2, 3";
            default -> null;
        };
    }

    /** Takes where the shell can go by its regions' names. */
    static void regions(Map<String, String> urls) {
        regionUrls = Map.copyOf(urls);
    }

    /** The URL of a region, or null. */
    static @Nullable String regionUrl(String name) {
        return regionUrls.get(name);
    }

    private static String owners(String argument) {
        return "SELECT TABLE_SCHEMA AS \"SCHEMA\", TABLE_NAME AS \"TABLE\", GROUP_ID, OWNER, REGION, POLICY, PHASE2_MS,"
                + " OPERATIONS_PER_SECOND FROM ATLAS.OWNERSHIP"
                + (argument.isEmpty() ? "" : " WHERE " + named(argument)) + " ORDER BY 1, 2";
    }

    private static String tables(String argument) {
        return "SELECT TABLE_SCHEMA AS \"SCHEMA\", TABLE_NAME AS \"TABLE\", TABLE_TYPE AS \"TYPE\""
                + " FROM INFORMATION_SCHEMA.TABLES WHERE " + (argument.isEmpty() ? OWN : named(argument))
                + " ORDER BY 1, 2";
    }

    private static String columns(String argument) {
        return "SELECT TABLE_SCHEMA AS \"SCHEMA\", TABLE_NAME AS \"TABLE\", COLUMN_NAME AS \"COLUMN\","
                + " DATA_TYPE AS \"TYPE\", COALESCE(CHARACTER_MAXIMUM_LENGTH, NUMERIC_PRECISION) AS \"SIZE\","
                + " NUMERIC_SCALE AS \"SCALE\", IS_NULLABLE AS \"NULLABLE\", COLUMN_DEFAULT AS \"DEFAULT\","
                + " IS_IDENTITY AS \"IDENTITY\" FROM INFORMATION_SCHEMA.COLUMNS WHERE " + named(argument)
                + " ORDER BY TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION";
    }

    /** {@code schema.table} or {@code table}. */
    private static String named(String argument) {
        String name = argument.endsWith(";")
                ? argument.substring(0, argument.length() - 1).strip()
                : argument;
        int dot = name.indexOf('.');
        return (dot < 0 ? "" : "TABLE_SCHEMA LIKE " + literal(name.substring(0, dot)) + " AND ") + "TABLE_NAME LIKE "
                + literal(name.substring(dot + 1));
    }

    private static String literal(String name) {
        boolean quoted = name.length() > 1 && name.startsWith("\"") && name.endsWith("\"");
        String proper = quoted ? name.substring(1, name.length() - 1) : name.toUpperCase(Locale.ROOT);
        return "'" + proper.replace("'", "''") + "'";
    }
}
