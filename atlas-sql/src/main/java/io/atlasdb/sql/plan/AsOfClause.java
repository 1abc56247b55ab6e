package io.atlasdb.sql.plan;

import io.atlasdb.proto.ErrorCode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code AS OF SYSTEM TIME 'time'} or {@code FOR SYSTEM_TIME AS OF [TIMESTAMP] 'time'}, taken out of a statement before that is
 * planned: a statement has one time, whichever of its tables the words stand behind, and shares its plan with itself at other
 * times.
 *
 * @param text the statement with blanks in their place, so that errors point at the same columns
 * @param time what stands between the quotes
 */
public record AsOfClause(String text, String time) {
    private static final String WORD = "SYSTEM";
    private static final String STRING = "'([^']*+)'";
    /** What may hold the words without meaning them is skipped by the first alternatives. */
    private static final Pattern CLAUSE = Pattern.compile(
            "\\bE'[^'\\\\]*+(?:\\\\.[^'\\\\]*+)*+'|'[^']*+'|\"[^\"]*+\"|--[^\n]*+|/\\*.*?\\*/"
                    + "|\\bAS\\s+OF\\s+SYSTEM\\s+TIME\\s*" + STRING
                    + "|\\bFOR\\s+SYSTEM_TIME\\s+AS\\s+OF\\s*(?:\\bTIMESTAMP\\s*)?" + STRING,
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private static final Pattern CONTROL =
            Pattern.compile("\\s*(SET|BEGIN|START)\\b.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /**
     * The clause of a statement; null when it has none, or is about a transaction, whose grammar knows it.
     *
     * @throws io.atlasdb.proto.AtlasException {@code INVALID_PARAMETER} for two times that differ
     */
    public static @Nullable AsOfClause of(String sql) {
        if (!mayHold(sql) || CONTROL.matcher(sql).matches()) {
            return null;
        }
        Matcher matcher = CLAUSE.matcher(sql);
        StringBuilder text = new StringBuilder(sql);
        String time = null;
        while (matcher.find()) {
            String found = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
            if (found == null) {
                continue;
            }
            if (time != null && !time.equals(found)) {
                throw ErrorCode.INVALID_PARAMETER.error(
                        "AS OF SYSTEM TIME", found, "a statement has one time, and this one has " + time);
            }
            time = found;
            for (int i = matcher.start(); i < matcher.end(); i++) {
                if (!Character.isWhitespace(text.charAt(i))) {
                    text.setCharAt(i, ' ');
                }
            }
        }
        return time == null ? null : new AsOfClause(text.toString(), time);
    }

    /** Nearly every statement is told here that it has none. */
    private static boolean mayHold(String sql) {
        int last = sql.length() - WORD.length();
        for (int i = 0; i <= last; i++) {
            char c = sql.charAt(i);
            if ((c == 'S' || c == 's') && sql.regionMatches(true, i, WORD, 0, WORD.length())) {
                return true;
            }
        }
        return false;
    }
}
