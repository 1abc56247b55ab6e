package io.atlasdb.sql.session;

import io.atlasdb.sql.plan.Parameter;
import io.atlasdb.sql.plan.ResultColumn;
import java.util.List;

/** A statement's text with its meaning at the catalog it was last run against. */
final class LocalPrepared implements Prepared {
    private final String sql;
    private volatile Version version;

    /** A meaning, and what it hangs on besides the text. */
    record Version(Compiled compiled, String schema, long catalogVersion) {}

    LocalPrepared(String sql, Version version) {
        this.sql = sql;
        this.version = version;
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
