package io.atlasdb.sql.plan;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a text at the semicolons that end statements; those in strings, quoted names and comments do not. It knows no grammar, so
 * that a script with a wrong statement is split as well.
 */
public final class StatementSplitter {
    private StatementSplitter() {}

    /**
     * A text in parts.
     *
     * @param complete the statements that a semicolon ended, without it and without blanks around; empty ones are left out
     * @param rest what follows the last semicolon, when there is more in it than blanks and comments; otherwise empty
     * @param open whether the text ends inside a string, a quoted name or a comment of more lines
     */
    public record Split(List<String> complete, String rest, boolean open) {
        public Split {
            complete = List.copyOf(complete);
        }
    }

    /** The statements of a script, the last one with or without a semicolon. */
    public static List<String> split(String text) {
        Split split = scan(text);
        if (split.rest().isEmpty()) {
            return split.complete();
        }
        List<String> all = new ArrayList<>(split.complete());
        all.add(split.rest());
        return all;
    }

    /** What a shell needs of the lines typed so far. */
    public static Split scan(String text) {
        List<String> complete = new ArrayList<>();
        TextScanner scanner = new TextScanner(text);
        int start = 0;
        boolean words = false;
        for (char c = scanner.next(); c != TextScanner.END; c = scanner.next()) {
            if (c != ';') {
                words = true;
                continue;
            }
            if (words) {
                complete.add(text.substring(start, scanner.position() - 1).strip());
            }
            start = scanner.position();
            words = false;
        }
        boolean more = words || scanner.open();
        return new Split(complete, more ? text.substring(start).strip() : "", scanner.open());
    }
}
