package io.atlasdb.sql.exec;

import io.atlasdb.sql.catalog.SqlType;
import io.atlasdb.sql.codec.Convert;
import org.jspecify.annotations.Nullable;

/** Values as messages show them. */
final class ValueTexts {
    /** A message is for people; a value of megabytes would hide the rest. */
    private static final int CHARACTERS_MAX = 100;

    private ValueTexts() {}

    static String text(@Nullable Object value, SqlType type) {
        if (value == null) {
            return "NULL";
        }
        String text = Convert.text(type, value);
        return text.length() <= CHARACTERS_MAX ? text : text.substring(0, CHARACTERS_MAX) + "…";
    }
}
