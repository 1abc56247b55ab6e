package io.atlasdb.node.security;

import io.atlasdb.node.metrics.Counter;
import io.atlasdb.node.metrics.Histogram;
import io.atlasdb.node.metrics.Metrics;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.session.Prepared;
import io.atlasdb.sql.session.StatementListener;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Statements as they end: counted by kind, recorded for the audit, and logged on the logger {@code slow} when they were slow. */
public final class StatementLog implements StatementListener {
    private static final Logger SLOW = LoggerFactory.getLogger("slow");

    private final AuditLog audit;
    private final long slowNanos;
    private final Map<Prepared.Kind, Histogram> seconds = new EnumMap<>(Prepared.Kind.class);
    private final Map<Prepared.Kind, Counter> failures = new EnumMap<>(Prepared.Kind.class);

    /**
     * A log.
     *
     * @param slowNanos a statement that takes longer is slow; 0 = none is
     */
    public StatementLog(AuditLog audit, long slowNanos, Metrics metrics) {
        this.audit = audit;
        this.slowNanos = slowNanos;
        for (Prepared.Kind kind : Prepared.Kind.values()) {
            String label = kind.name().toLowerCase(Locale.ROOT);
            seconds.put(
                    kind,
                    metrics.histogram(
                            "atlas_sql_statement_seconds",
                            "How long statements took, queries up to their first rows.",
                            "kind",
                            label));
            failures.put(kind, metrics.counter("atlas_sql_failures_total", "Statements that failed.", "kind", label));
        }
    }

    @Override
    public void ran(Ran statement, long nanos, @Nullable RuntimeException failure) {
        Prepared.Kind kind = statement.statement().kind();
        Histogram histogram = seconds.get(kind);
        Counter counter = failures.get(kind);
        if (histogram != null && counter != null) {
            histogram.record(nanos);
            if (failure != null) {
                counter.increment();
            }
        }
        boolean denied =
                failure instanceof AtlasException e && (e.code() == ErrorCode.DENIED || e.code() == ErrorCode.LOGIN);
        AuditLog.Level level = denied || statement.changesAccess()
                ? AuditLog.Level.DENIED
                : statement.readsOnly() ? AuditLog.Level.ALL : AuditLog.Level.WRITES;
        if (audit.records(level)) {
            audit.write(
                    level,
                    statement.user(),
                    statement.from(),
                    verb(statement.text()),
                    statement.objects(),
                    failure == null,
                    failure instanceof AtlasException e ? e.code().name() : failure == null ? "" : "INTERNAL");
        }
        if (slowNanos > 0 && nanos > slowNanos) {
            SLOW.warn(
                    "{} ms, user {}: {}\n{}",
                    nanos / 1_000_000,
                    statement.user().isEmpty() ? "(none)" : statement.user(),
                    statement.text(),
                    statement.plan());
        }
    }

    /** The first word, which is of the language, since the text was understood. */
    private static String verb(String text) {
        int end = 0;
        while (end < text.length() && Character.isLetter(text.charAt(end))) {
            end++;
        }
        return text.substring(0, end).toUpperCase(Locale.ROOT);
    }
}
