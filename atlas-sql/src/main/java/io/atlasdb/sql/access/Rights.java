package io.atlasdb.sql.access;

import io.atlasdb.proto.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/** Sets of rights, as bits of a number. */
public final class Rights {
    public static final int SELECT = 1;
    public static final int INSERT = 2;
    public static final int UPDATE = 4;
    public static final int DELETE = 8;
    /** Implies all others and the right to change who has which. */
    public static final int OWNER = 16;
    /** What {@code READ} means on the socket. */
    public static final int READ = SELECT;
    /** What {@code WRITE} means on the socket. */
    public static final int WRITE = INSERT | UPDATE | DELETE;
    /** What can be done with rows: all but ownership. */
    public static final int DATA = READ | WRITE;

    private static final List<String> NAMES = List.of("SELECT", "INSERT", "UPDATE", "DELETE", "OWNERSHIP");

    private Rights() {}

    /** The names in SQL of a set, in a fixed order. */
    public static List<String> names(int rights) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < NAMES.size(); i++) {
            if ((rights & 1 << i) != 0) {
                names.add(NAMES.get(i));
            }
        }
        return names;
    }

    /** The right of that name in SQL, upper case; {@code SYNTAX} when there is none. */
    public static int byName(String name) {
        int at = NAMES.indexOf(name);
        if (at < 0) {
            throw ErrorCode.SYNTAX.error(
                    "unknown privilege " + name + ": there are " + String.join(", ", NAMES) + " and ALL");
        }
        return 1 << at;
    }
}
