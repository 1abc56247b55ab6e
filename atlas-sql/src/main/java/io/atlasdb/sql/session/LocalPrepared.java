package io.atlasdb.sql.session;

import io.atlasdb.sql.plan.AsOfClause;
import io.atlasdb.sql.plan.Parameter;
import io.atlasdb.sql.plan.ResultColumn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement's text with its meaning at the catalog it was last run against. */
final class LocalPrepared implements Prepared {
    private final String sql;
    private final String text;
    private final @Nullable String asOf;
    private volatile Version version;

    /** A meaning, and what it hangs on besides the text. */
    record Version(Compiled compiled, String schema, long catalogVersion) {}

    /** {@code clause} is the time of the past that it is to be run at; null for the present. */
    LocalPrepared(String sql, @Nullable AsOfClause clause, Version version) {
        this.sql = sql;
        this.text = clause == null ? sql : clause.text();
        this.asOf = clause == null ? null : clause.time();
        this.version = version;
    }

    /** What is planned: without the time. */
    String text() {
        return text;
    }

    /** The time of the past that it is run at, as the user wrote it; null for the present. */
    @Nullable
    String asOf() {
        return asOf;
    }

    Version version() {
        return version;
    }

    void version(Version newer) {
        version = newer;
    }

    Compiled compiled() {
        return version.compiled();
    }

    @Override
    public String sql() {
        return sql;
    }

    @Override
    public Kind kind() {
        return compiled().kind();
    }

    @Override
    public List<ResultColumn> columns() {
        return compiled().columns();
    }

    @Override
    public List<Parameter> parameters() {
        return compiled().parameters();
    }
}
