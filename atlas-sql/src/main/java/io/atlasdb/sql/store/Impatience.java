package io.atlasdb.sql.store;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Marks a thread that must not wait, such as one that serves many connections, while it runs something: whatever in there would
 * have to wait for another thread throws {@link WouldWait} instead. It is the last line behind {@link Store#impatient}: it holds for
 * waits that nobody thought of as well.
 */
public final class Impatience {
    private static final ThreadLocal<Boolean> HERE = ThreadLocal.withInitial(() -> false);

    private Impatience() {}

    /** Runs something that must not wait. */
    public static <T extends @Nullable Object> T call(Supplier<T> work) {
        boolean outer = HERE.get();
        HERE.set(true);
        try {
            return work.get();
        } finally {
            HERE.set(outer);
        }
    }

    /** Called before waiting. */
    public static void check() {
        if (HERE.get()) {
            throw new WouldWait();
        }
    }
}
