package io.atlasdb.node.sim;

import io.atlasdb.node.kv.KvInternals;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.Commit;
import io.atlasdb.sql.store.KeyRange;
import io.atlasdb.sql.store.ReadMode;
import io.atlasdb.sql.store.Snapshot;
import io.atlasdb.sql.store.Write;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Runs one transaction after the other, each at some node: reads lists in some groups and puts its number at the ends of some. */
final class KvClient {
    private static final Set<ErrorCode> DEFINITE =
            Set.of(ErrorCode.SERIALIZATION, ErrorCode.SCHEMA_CHANGED, ErrorCode.BUSY, ErrorCode.SNAPSHOT_TOO_OLD);

    private final KvWorld world;
    private final int number;
    private @Nullable Running running;
    /** Groups to which a transaction of this client was committed since the faults stopped. */
    private final TreeSet<Long> written = new TreeSet<>();

    KvClient(KvWorld world, int number) {
        this.world = world;
        this.number = number;
    }

    boolean isContent() {
        return written.size() == world.groups();
    }

    @Override
    public String toString() {
        Running one = running;
        return "client " + number + " wrote " + written
                + (one == null ? "" : " runs " + one.transaction + " at " + one.node.id);
    }

    void next() {
        List<KvNode> up = world.nodes().stream().filter(KvNode::isUp).toList();
        if (up.isEmpty()) {
            later();
            return;
        }
        new Running(world.chance().of(up)).begin();
    }

    void later() {
        // Nobody stops altogether, so that members that lag hear something.
        long most = world.isCalm() && isContent() ? 400_000 : 20_000;
        world.events().after(world.chance().micros(500, most), this::next);
    }

    /** The node on which it works has gone. */
    void crashed(KvNode node) {
        Running one = running;
        if (one != null && one.node == node) {
            one.finish(one.asked ? KvTransaction.End.OPEN : KvTransaction.End.ABORTED);
        }
    }

    /** One transaction. */
    private final class Running {
        private final KvNode node;
        private final int life;
        private final KvTransaction transaction;
        private final List<Long> keys = new ArrayList<>();
        private final List<KeyRange> ranges = new ArrayList<>();
        private final List<Write> writes = new ArrayList<>();
        private final boolean readsOnly;
        private @Nullable Snapshot snapshot;
        private boolean asked;
        private boolean ended;

        Running(KvNode node) {
            Chance chance = world.chance();
            this.node = node;
            this.life = node.life();
            this.readsOnly = !world.isCalm() && chance.percent(30);
            boolean stale = readsOnly && chance.percent(30);
            this.transaction =
                    new KvTransaction(world.nextNumber(), !stale, world.events().nowMicros());
            for (int more = chance.between(1, 3); more > 0; more--) {
                long key = chance.between(1, world.groups()) * 100L + chance.between(1, 2);
                if (!keys.contains(key)) {
                    keys.add(key);
                }
            }
            if (world.isCalm() && !isContent()) {
                long group = 1;
                while (written.contains(group)) {
                    group++;
                }
                keys.set(0, group * 100 + 1);
            }
        }

        void begin() {
            running = this;
            world.record(transaction);
            try {
                if (!transaction.strong) {
                    snapshot =
                            node.store().snapshot(ReadMode.stale(world.chance().of(10, 200, 2_000)));
                } else {
                    snapshot = !readsOnly && world.chance().percent(40)
                            ? node.store().draft()
                            : node.store().snapshot();
                }
                step(0);
            } catch (AtlasException refused) {
                finish(KvTransaction.End.ABORTED);
            }
        }

        private Snapshot open() {
            Snapshot one = snapshot;
            if (one == null) {
                throw new AssertionError("no snapshot");
            }
            return one;
        }

        private boolean isAlive() {
            return !ended && node.isUp() && node.life() == life;
        }

        private void step(int index) {
            if (index == keys.size()) {
                commit();
                return;
            }
            long key = keys.get(index);
            CompletableFuture<Boolean> ready = KvInternals.ready(open(), key / 100);
            ready.whenComplete((here, failure) -> world.events()
                    .after(world.chance().micros(1, 200), () -> {
                        if (!isAlive()) {
                            return;
                        }
                        if (failure != null || !here) {
                            world.trace(() -> "T" + transaction.number + " cannot read " + key + ": " + failure);
                            finish(KvTransaction.End.ABORTED);
                            return;
                        }
                        try {
                            read(key);
                            step(index + 1);
                        } catch (AtlasException refused) {
                            finish(KvTransaction.End.ABORTED);
                        }
                    }));
        }

        private void read(long key) {
            byte[] name = bytes(List.of(key));
            byte[] stored = open().get(key / 100, name);
            List<Long> list = new ArrayList<>();
            for (ByteBuffer left = ByteBuffer.wrap(stored == null ? new byte[0] : stored); left.hasRemaining(); ) {
                list.add(left.getLong());
            }
            transaction.reads.put(key, List.copyOf(list));
            ranges.add(KeyRange.of(key / 100, name));
            if (!readsOnly && (writes.isEmpty() || world.chance().percent(70))) {
                list.add(transaction.number);
                transaction.appends.add(key);
                writes.add(new Write(key / 100, name, bytes(list)));
            }
        }

        private void commit() {
            if (writes.isEmpty() && !open().needsValidation()) {
                finish(KvTransaction.End.COMMITTED);
                return;
            }
            asked = true;
            Commit commit = new Commit(open().timestamp(), ranges, writes, List.of(), List.of());
            node.store().commit(commit).whenComplete((timestamp, failure) -> {
                if (isAlive()) {
                    finish(failure == null ? KvTransaction.End.COMMITTED : end(failure));
                }
            });
        }

        private KvTransaction.End end(Throwable failure) {
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            world.trace(() -> "T" + transaction.number + " " + cause);
            return cause instanceof AtlasException known && DEFINITE.contains(known.code())
                    ? KvTransaction.End.ABORTED
                    : KvTransaction.End.OPEN;
        }

        void finish(KvTransaction.End how) {
            ended = true;
            running = null;
            transaction.end = how;
            transaction.endedMicros = how == KvTransaction.End.OPEN
                    ? Long.MAX_VALUE
                    : world.events().nowMicros();
            world.trace(() -> "client " + number + " at " + node.id + ": " + transaction);
            Snapshot one = snapshot;
            if (one != null && node.isUp() && node.life() == life) {
                one.close();
            }
            if (world.isCalm() && how == KvTransaction.End.COMMITTED) {
                transaction.appends.forEach(key -> written.add(key / 100));
            }
            later();
        }
    }

    static byte[] bytes(List<Long> numbers) {
        ByteBuffer buffer = ByteBuffer.allocate(8 * numbers.size());
        numbers.forEach(buffer::putLong);
        return buffer.array();
    }
}
