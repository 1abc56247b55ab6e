package io.atlasdb.sql.exec.ddl;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.catalog.Catalog;
import io.atlasdb.sql.catalog.CatalogStore;
import io.atlasdb.sql.catalog.GroupKeys;
import io.atlasdb.sql.catalog.Index;
import io.atlasdb.sql.catalog.Table;
import io.atlasdb.sql.codec.TableCodec;
import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.Retention;
import io.atlasdb.sql.store.RowIterator;
import io.atlasdb.sql.store.Snapshot;
import io.atlasdb.sql.store.Store;
import io.atlasdb.sql.tx.Isolation;
import io.atlasdb.sql.tx.Transaction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Fills indexes and clears away entries of dropped ones, in bounded transactions beside all other work.
 *
 * <p>Why no row is missed: an index is filled only after the transaction that made it BUILDING has committed. From then on every
 * commit that writes rows must name the table's new version, and so maintains the index; every row of before is met by the walk
 * over the keys. A step reads its rows with a range, so a row that changes meanwhile makes the step run again. A step does
 * nothing that was done before, so that a walk may begin anew at any time.
 */
public final class IndexBuilder {
    /** Rows of a step: some milliseconds of work, and short enough to win against writers. */
    private static final int ROWS_PER_STEP = 1_000;
    /** Bytes that a step writes. */
    private static final long BYTES_PER_STEP = 4 << 20;
    /** An entry whose time has just passed is left as well: the clock of the table's owner decides, and may be behind this one. */
    private static final long RETAINED_MARGIN_MS = 60_000;
    /** Times that a step or a change of the schema is tried against other writers. */
    private static final int ATTEMPTS_MAX = 1_000;

    private final Store store;
    private final CatalogStore catalogs;
    private final int rowsPerStep;

    public IndexBuilder(Store store, CatalogStore catalogs) {
        this(store, catalogs, ROWS_PER_STEP);
    }

    /** With another number of rows per step. */
    IndexBuilder(Store store, CatalogStore catalogs, int rowsPerStep) {
        this.store = store;
        this.catalogs = catalogs;
        this.rowsPerStep = rowsPerStep;
    }

    /** What a step does in its transaction; gives the key to go on with, or null at the end. */
    private interface Step {
        byte @Nullable [] run(Transaction transaction, Table table);
    }

    /**
     * Does what a committed statement left: fills its indexes, then clears away. An index whose rows turn out not to be unique is removed
     * again.
     *
     * @param check called between steps; what it throws stops the work, and the index stays BUILDING until {@link #resume}
     * @throws AtlasException {@code UNIQUE}; {@code SERIALIZATION} when other writers never let a step through; what a commit may
     *     fail with
     */
    public void finish(FollowUp followUp, Runnable check) {
        for (FollowUp.Build build : followUp.builds()) {
            build(build, check);
        }
        for (FollowUp.Purge purge : followUp.purges()) {
            purge(purge, check);
        }
    }

    /** What statements before a crash left undone: indexes that are BUILDING, and entries of indexes that are gone. */
    public FollowUp unfinished() {
        List<FollowUp.Build> builds = new ArrayList<>();
        List<FollowUp.Purge> purges = new ArrayList<>();
        try (Snapshot snapshot = store.snapshot()) {
            for (Map<String, Table> tables : catalogs.at(snapshot).schemas().values()) {
                for (Table table : tables.values()) {
                    collect(snapshot, table, builds, purges);
                }
            }
        }
        return new FollowUp(builds, purges);
    }

    /**
     * Finishes what {@link #unfinished} finds; called once at start.
     *
     * @return the errors of indexes that could not be built and were removed, for the log
     */
    public List<AtlasException> resume(Runnable check) {
        List<AtlasException> failures = new ArrayList<>();
        FollowUp left = unfinished();
        for (FollowUp.Build build : left.builds()) {
            try {
                build(build, check);
            } catch (AtlasException e) {
                if (e.code() != ErrorCode.UNIQUE && e.code() != ErrorCode.NO_SUCH_INDEX) {
                    throw e;
                }
                failures.add(e);
            }
        }
        finish(new FollowUp(List.of(), left.purges()), check);
        return failures;
    }

    private static void collect(
            Snapshot snapshot, Table table, List<FollowUp.Build> builds, List<FollowUp.Purge> purges) {
        Set<Integer> known = new HashSet<>();
        known.add(0);
        for (Index index : table.indexes()) {
            known.add(index.id());
            if (index.state() == Index.State.BUILDING) {
                builds.add(new FollowUp.Build(table.id(), index.id()));
            }
        }
        table.columns().forEach(column -> known.add(column.id()));
        for (int id = 1; id < table.nextId(); id++) {
            if (!known.contains(id) && hasEntries(snapshot, table, id)) {
                purges.add(new FollowUp.Purge(table.id(), id));
            }
        }
    }

    private static boolean hasEntries(Snapshot snapshot, Table table, int index) {
        KeyRange range = KeyRange.prefix(table.group(), GroupKeys.rows(table.id(), index));
        try (RowIterator entries = snapshot.scan(range, false)) {
            return entries.next();
        }
    }

    private void build(FollowUp.Build build, Runnable check) {
        try {
            walk(build.table(), check, (transaction, table, from) -> fill(transaction, table, build.index(), from));
            change(build, table -> Tables.withState(table, build.index(), Index.State.PUBLIC));
        } catch (AtlasException e) {
            if (e.code() == ErrorCode.UNIQUE) {
                change(build, table -> Tables.withoutIndex(table, build.index()));
                purge(new FollowUp.Purge(build.table(), build.index()), () -> {});
            }
            throw e;
        }
    }

    private void purge(FollowUp.Purge purge, Runnable check) {
        walk(purge.table(), check, (transaction, table, from) -> clear(transaction, table, purge.index(), from));
    }

    /** A part of a walk over keys, beginning at {@code from} or, when that is empty, at the beginning. */
    private interface Part {
        byte @Nullable [] run(Transaction transaction, Table table, byte[] from);
    }

    /** Runs steps until one says that it was the last; ends quietly when the table is gone. */
    private void walk(long tableId, Runnable check, Part part) {
        byte @Nullable [] from = new byte[0];
        while (from != null) {
            check.run();
            byte[] start = from;
            from = step(tableId, (transaction, table) -> part.run(transaction, table, start));
        }
    }

    /** One transaction, tried again while others are in its way. */
    private byte @Nullable [] step(long tableId, Step step) {
        for (int attempt = 1; ; attempt++) {
            try (Transaction transaction = new Transaction(store, Isolation.SERIALIZABLE, false)) {
                Table table = Tables.byId(catalogs.at(transaction.snapshot()), tableId);
                if (table == null) {
                    return null;
                }
                transaction.guard(CatalogStore.guard(table));
                byte[] next = step.run(transaction, table);
                transaction.commitAndWait();
                return next;
            } catch (AtlasException e) {
                boolean again = e.code() == ErrorCode.SERIALIZATION || e.code() == ErrorCode.SCHEMA_CHANGED;
                if (!again || attempt == ATTEMPTS_MAX) {
                    throw e;
                }
            }
        }
    }

    private byte @Nullable [] fill(Transaction transaction, Table table, int indexId, byte[] from) {
        Index index = Tables.indexById(table, indexId);
        if (index == null) {
            throw ErrorCode.NO_SUCH_INDEX.error(indexId + " of table " + table.qualifiedName(), "; it was dropped");
        }
        TableCodec codec = new TableCodec(table);
        KeyRange all = codec.rows();
        KeyRange rest = from.length == 0 ? all : new KeyRange(all.group(), from, all.to());
        int rows = 0;
        try (RowIterator scan = transaction.check(rest)) {
            while (scan.next()) {
                IndexFill.put(transaction, codec, index, scan.key(), scan.value());
                if (++rows == rowsPerStep || transaction.writtenBytes() > BYTES_PER_STEP) {
                    return Arrays.copyOf(scan.key(), scan.key().length + 1);
                }
            }
        }
        return null;
    }

    /** Entries of retained rows cannot be removed before their time: they stay as they are, for a later {@link #resume}. */
    private byte @Nullable [] clear(Transaction transaction, Table table, int indexId, byte[] from) {
        KeyRange all = KeyRange.prefix(table.group(), GroupKeys.rows(table.id(), indexId));
        KeyRange rest = from.length == 0 ? all : new KeyRange(all.group(), from, all.to());
        long nowMs = Retention.millis(transaction.snapshot().timestamp()) - RETAINED_MARGIN_MS;
        List<byte[]> keys = new ArrayList<>();
        byte[] last = from;
        int count = 0;
        try (RowIterator scan = transaction.scan(rest, false)) {
            while (count < rowsPerStep && scan.next()) {
                count++;
                last = scan.key();
                if (!Retention.holds(scan.value(), nowMs)) {
                    keys.add(scan.key().clone());
                }
            }
        }
        keys.forEach(key -> transaction.delete(table.group(), key));
        return count < rowsPerStep ? null : Arrays.copyOf(last, last.length + 1);
    }

    /** Stores the next version of the table, unless the table or the index is gone. */
    private void change(FollowUp.Build build, UnaryOperator<Table> next) {
        for (int attempt = 1; ; attempt++) {
            try (Transaction transaction = new Transaction(store, Isolation.SERIALIZABLE, false)) {
                Catalog catalog = catalogs.within(transaction);
                Table table = Tables.byId(catalog, build.table());
                if (table == null || Tables.indexById(table, build.index()) == null) {
                    return;
                }
                catalogs.putTable(transaction, next.apply(table));
                transaction.commitAndWait();
                return;
            } catch (AtlasException e) {
                if (e.code() != ErrorCode.SERIALIZATION || attempt == ATTEMPTS_MAX) {
                    throw e;
                }
            }
        }
    }
}
