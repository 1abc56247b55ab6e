package io.atlasdb.sql.exec.ddl;

import java.util.Collection;

/** Finds what a user may have meant. */
final class NearestName {
    private NearestName() {}

    /** {@code ; did you mean X?} for the nearest of the known names, or empty when none is near. */
    static String hint(String name, Collection<String> known) {
        String best = "";
        int least = Math.max(1, name.length() / 3) + 1;
        for (String candidate : known.stream().sorted().toList()) {
            int distance = distance(name, candidate, least);
            if (distance < least) {
                least = distance;
                best = candidate;
            }
        }
        return best.isEmpty() ? "" : "; did you mean " + best + "?";
    }

    /** Letters to insert, remove or replace; {@code limit} when it is that or more. */
    private static int distance(String a, String b, int limit) {
        if (Math.abs(a.length() - b.length()) >= limit) {
            return limit;
        }
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] present = new int[b.length() + 1];
            present[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                present[j] = Math.min(replaced, 1 + Math.min(previous[j], present[j - 1]));
            }
            previous = present;
        }
        return Math.min(previous[b.length()], limit);
    }
}
