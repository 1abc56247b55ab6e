package io.atlasdb.sql.session;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.access.AccessKeys;
import io.atlasdb.sql.exec.Interrupt;
import io.atlasdb.sql.exec.Outcome;
import io.atlasdb.sql.exec.ReadKeys;
import io.atlasdb.sql.plan.ddl.Control;
import io.atlasdb.sql.plan.ddl.TransactionModes;
import io.atlasdb.sql.store.Snapshot;
import io.atlasdb.sql.tx.Isolation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs statements about the session: its transaction and its settings. All methods need the session's lock. */
final class ControlRunner {
    private static final Execution DONE = new Execution(List.of(), null, 0, null);

    private final LocalSession session;
    private final Sessions engine;
    private final Settings settings;

    ControlRunner(LocalSession session, Sessions engine, Settings settings) {
        this.session = session;
        this.engine = engine;
        this.settings = settings;
    }

    Execution execute(Control command, Interrupt interrupt) {
        if (command instanceof Control.Show show) {
            return show(show);
        } else if (command instanceof Control.Begin begin) {
            begin(begin.modes());
        } else if (command instanceof Control.Commit) {
            session.commit(interrupt);
        } else if (command instanceof Control.Rollback) {
            session.endTransaction();
        } else if (command instanceof Control.Savepoint savepoint) {
            requireTransaction().savepoint(savepoint.name());
        } else if (command instanceof Control.RollbackTo to) {
            OpenTransaction open = requireTransaction();
            open.detachRows();
            open.rollbackTo(to.savepoint());
        } else if (command instanceof Control.Release release) {
            requireTransaction().release(release.savepoint());
        } else if (command instanceof Control.SetTransaction set) {
            setTransaction(set);
        } else if (command instanceof Control.Set set) {
            set(set.name(), set.value());
        } else {
            throw new AssertionError("no way to run " + command.getClass());
        }
        return DONE;
    }

    /** Sets the present schema, which must exist. */
    void setSchema(String schema) {
        if (!session.completeCatalog().schemas().containsKey(schema)) {
            throw ErrorCode.NO_SUCH_SCHEMA.error(schema, "");
        }
        settings.schema(schema);
    }

    private void set(String name, @Nullable String value) {
        if (name.equals("SCHEMA") && value != null) {
            setSchema(value);
        } else {
            settings.set(name, value);
        }
    }

    private void begin(TransactionModes modes) {
        session.requireNoTransaction("BEGIN");
        beginWith(modes);
    }

    private void beginWith(TransactionModes modes) {
        String asOf = modes.asOf();
        if (asOf == null) {
            session.begin(isolation(modes), readOnly(modes));
        } else if (Boolean.FALSE.equals(modes.readOnly())) {
            throw ErrorCode.READ_ONLY.error("AS OF SYSTEM TIME with READ WRITE");
        } else {
            session.beginAsOf(asOf);
        }
    }

    private void setTransaction(Control.SetTransaction set) {
        TransactionModes modes = set.modes();
        if (set.session()) {
            if (modes.asOf() != null) {
                throw ErrorCode.UNSUPPORTED.error("AS OF SYSTEM TIME for a whole session");
            }
            settings.isolation(isolation(modes));
            settings.readOnly(readOnly(modes));
            return;
        }
        OpenTransaction open = session.openTransaction();
        if (open == null && session.autoCommitLocked()) {
            throw ErrorCode.NO_TRANSACTION.error();
        }
        if (open != null && (open.failed() || open.used())) {
            throw ErrorCode.TRANSACTION_OPEN.error("SET TRANSACTION after the first statement");
        }
        session.endTransaction();
        beginWith(modes);
    }

    private Isolation isolation(TransactionModes modes) {
        TransactionModes.Isolation level = modes.isolation();
        return level == null
                ? settings.isolation()
                : switch (level) {
                    case READ_UNCOMMITTED, READ_COMMITTED -> Isolation.READ_COMMITTED;
                    case REPEATABLE_READ -> Isolation.REPEATABLE_READ;
                    case SERIALIZABLE -> Isolation.SERIALIZABLE;
                };
    }

    private boolean readOnly(TransactionModes modes) {
        Boolean readOnly = modes.readOnly();
        return readOnly == null ? settings.readOnly() : readOnly;
    }

    private OpenTransaction requireTransaction() {
        OpenTransaction open = session.transactionForStatement();
        if (open == null) {
            throw ErrorCode.NO_TRANSACTION.error();
        }
        open.use();
        return open;
    }

    private Execution show(Control.Show show) {
        List<@Nullable Object[]> rows =
                show.name().equals("GRANTS") ? grants(show) : ShowRows.rows(show, session.completeCatalog(), settings);
        return new Execution(ShowRows.columns(show), new FixedRows(Outcome.cursor(rows), 0), -1, null);
    }

    /** As the open transaction sees them, or as they are now. */
    private List<@Nullable Object[]> grants(Control.Show show) {
        OpenTransaction open = session.openTransaction();
        if (open != null && !open.failed()) {
            return ShowRows.grants(
                    show, session.currentCatalog(), settings, new ReadKeys(open.transaction()), session.identity());
        }
        try (Snapshot snapshot = engine.store().snapshot()) {
            return ShowRows.grants(
                    show, engine.catalogs().at(snapshot), settings, AccessKeys.of(snapshot), session.identity());
        }
    }
}
