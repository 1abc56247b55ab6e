package io.atlasdb.sql.plan.ddl;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What BEGIN and SET TRANSACTION say of a transaction.
 *
 * @param isolation null when nothing was said
 * @param readOnly null when nothing was said
 * @param asOf the time of {@code AS OF SYSTEM TIME}; null when nothing was said
 */
public record TransactionModes(
        @Nullable Isolation isolation,
        @Nullable Boolean readOnly,
        @Nullable String asOf) {
    /** The four levels of SQL. */
    public enum Isolation {
        READ_UNCOMMITTED,
        READ_COMMITTED,
        REPEATABLE_READ,
        SERIALIZABLE;

        String sql() {
            return name().replace('_', ' ');
        }
    }

    /** As SQL writes them; empty when nothing was said. */
    public String sql() {
        String level = isolation == null ? "" : "ISOLATION LEVEL " + isolation.sql();
        String access = readOnly == null ? "" : readOnly ? "READ ONLY" : "READ WRITE";
        String time = asOf == null ? "" : "AS OF SYSTEM TIME '" + asOf.replace("'", "''") + "'";
        return Stream.of(level, access, time).filter(mode -> !mode.isEmpty()).collect(Collectors.joining(", "));
    }

    /** Collects modes; a later one replaces an earlier one of its sort. */
    public static final class Builder {
        private @Nullable Isolation isolation;
        private @Nullable Boolean readOnly;
        private @Nullable String asOf;

        /** The level. */
        public void isolation(Isolation level) {
            isolation = level;
        }

        /** READ ONLY or READ WRITE. */
        public void readOnly(boolean value) {
            readOnly = value;
        }

        /** A time of the past. */
        public void asOf(String time) {
            asOf = time;
        }

        /** What was collected. */
        public TransactionModes build() {
            return new TransactionModes(isolation, readOnly, asOf);
        }
    }
}
