package io.atlasdb.sql.session;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.SqlType;
import io.atlasdb.sql.plan.Parameter;
import io.atlasdb.sql.plan.ResultColumn;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code BACKUP CLUSTER} and {@code RESTORE CLUSTER ?}, the statements behind the commands of the same names. They travel as
 * statements so that login, TLS, rights, cancelling and the pace of the reader are those of every other one.
 */
enum CopyStatement {
    /** Rows of one column, CHUNK. */
    BACKUP,
    /** Takes one chunk. */
    RESTORE;

    private static final SqlType CHUNK = SqlType.of(SqlType.Kind.VARBINARY);
    private static final Map<CopyStatement, String> TEXTS =
            Map.of(BACKUP, "BACKUP CLUSTER", RESTORE, "RESTORE CLUSTER ?");

    /**
     * What a text means; null when it is another statement.
     *
     * @throws io.atlasdb.proto.AtlasException {@code SYNTAX} when it begins like one of these and goes on differently
     */
    static @Nullable CopyStatement parse(String firstWord, String sql) {
        for (CopyStatement statement : values()) {
            if (statement.name().equals(firstWord)) {
                String text = sql.strip();
                String bare = text.endsWith(";") ? text.substring(0, text.length() - 1) : text;
                if (!bare.strip()
                        .replaceAll("\\s+", " ")
                        .toUpperCase(Locale.ROOT)
                        .equals(TEXTS.get(statement))) {
                    throw ErrorCode.SYNTAX.error("write " + TEXTS.get(statement) + "; the command atlas "
                            + firstWord.toLowerCase(Locale.ROOT) + " does");
                }
                return statement;
            }
        }
        return null;
    }

    List<ResultColumn> columns() {
        return this == BACKUP ? List.of(new ResultColumn("CHUNK", CHUNK, false, null, null, null, false)) : List.of();
    }

    List<Parameter> parameters() {
        return this == RESTORE ? List.of(new Parameter(CHUNK, false)) : List.of();
    }
}
