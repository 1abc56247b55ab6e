package io.atlasdb.node.replica;

import io.atlasdb.node.consensus.Configuration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One group on its way to this node: open a session, take pages of rows and of META, finish, make it durable, go on.
 *
 * <p>Steps run on the loop of the group, those that touch the store on a thread for it; there is one at a time. Before
 * {@link #begun} a failure ends the transfer, and the group asks again when it still lacks something. After it the group is
 * nothing until a snapshot is complete: the transfer goes on for ever, with pauses.
 */
final class SnapshotTransfer {
    private static final long CALL_MS = 20_000;
    private static final long RETRY_MS = 500;
    private static final long RETRY_MS_MAX = 10_000;
    private static final int RETRIES_MAX = 5;

    private final SnapshotReceiver receiver;
    private final Replica replica;
    /** Whom to ask, the best first. */
    private final Set<Integer> members = new LinkedHashSet<>();

    private int member;
    private boolean begun;
    private int failures;

    private SnapshotMessages.@Nullable Opened session;
    private byte @Nullable [] after;
    private final List<Export.Row> metas = new ArrayList<>();
    private long newest;

    private volatile SnapshotProgress progress;

    SnapshotTransfer(SnapshotReceiver receiver, Replica replica, int member) {
        this.receiver = receiver;
        this.replica = replica;
        this.member = member;
        this.members.add(member);
        this.progress = new SnapshotProgress(replica.group(), member, false, 0, 0, 0);
    }

    long group() {
        return replica.group();
    }

    SnapshotProgress progress() {
        return progress;
    }

    /** Another member that can give it. */
    synchronized void offer(int other) {
        members.add(other);
    }

    private synchronized void nextMember() {
        members.remove(member);
        members.add(member);
        member = members.iterator().next();
    }

    /** Whether rows are coming. On the loop of the group. */
    boolean isComing() {
        return session != null;
    }

    void start() {
        replica.execute(() -> {
            begun = replica.isInstalling() && !replica.isDeparted();
            open();
        });
    }

    private void open() {
        if (receiver.isClosed() || (begun && replica.isDeparted())) {
            receiver.ended(this);
            return;
        }
        long since = 0;
        if (!begun && !replica.isDeparted() && replica.applied().slot() > 0) {
            // What was prepared and not resolved here may yet get a version with a lower label than the last entry's.
            since = Math.min(replica.applied().timestamp(), receiver.replicas.oldestOpen(group()) - 1);
        }
        ask(new SnapshotMessages.Open(group(), replica.chosen(), Math.max(0, since)), bytes -> {
            SnapshotMessages.Opened opened = SnapshotMessages.opened(bytes);
            if ((!begun || replica.isDeparted()) && opened.position().slot() <= replica.chosen()) {
                close(opened.session());
                receiver.ended(this);
                return;
            }
            begin(opened);
        });
    }

    private void begin(SnapshotMessages.Opened opened) {
        SnapshotReceiver.log(
                "group {}: taking a snapshot of slot {} from node {}, {} rows{}",
                group(),
                opened.position().slot(),
                member,
                opened.rowsEstimate(),
                opened.since() > 0 ? ", what changed only" : "");
        session = opened;
        after = null;
        metas.clear();
        newest = opened.position().timestamp();
        progress = new SnapshotProgress(group(), member, true, 0, 0, opened.rowsEstimate());
        begun = true;
        replica.installing();
        onDisk(() -> receiver.replicas.machine().beginInstall(group(), opened.since() > 0), () -> rows(opened));
    }

    private void rows(SnapshotMessages.Opened from) {
        ask(new SnapshotMessages.Next(false, from.session(), after, receiver.pageBytes()), bytes -> {
            Export.Page page = SnapshotMessages.page(bytes);
            for (Export.Row row : page.rows()) {
                newest = Math.max(newest, row.version());
            }
            onDisk(() -> receiver.replicas.machine().installRows(group(), page.rows()), () -> {
                after = page.next();
                SnapshotProgress so = progress;
                progress = new SnapshotProgress(
                        group(),
                        member,
                        true,
                        so.bytes() + bytes.length,
                        so.rows() + page.rows().size(),
                        so.rowsEstimate());
                Runnable next = after == null ? () -> metas(from) : () -> rows(from);
                replica.later(receiver.pauseMs(replica.nowMs(), bytes.length), next);
            });
        });
    }

    private void metas(SnapshotMessages.Opened from) {
        ask(new SnapshotMessages.Next(true, from.session(), after, receiver.pageBytes()), bytes -> {
            Export.Page page = SnapshotMessages.page(bytes);
            metas.addAll(page.rows());
            after = page.next();
            if (after == null) {
                finish(from);
            } else {
                metas(from);
            }
        });
    }

    private void finish(SnapshotMessages.Opened from) {
        Configuration configuration = Configuration.decode(from.configuration());
        Installation installation = new Installation(true, from.position(), newest, from.configuration());
        onDisk(
                () -> {
                    receiver.replicas.machine().finishInstall(group(), installation, metas);
                    receiver.replicas.observe(newest);
                    LogRecord state = new LogRecord.GroupState(
                            group(),
                            io.atlasdb.node.consensus.Ballot.NONE,
                            0,
                            0,
                            from.position(),
                            from.configuration());
                    receiver.replicas.checkpoint(
                            List.of(state),
                            () -> replica.execute(() -> {
                                replica.installed(from.position(), configuration);
                                SnapshotReceiver.log(
                                        "group {}: the snapshot of slot {} is complete, {} rows, {} bytes",
                                        group(),
                                        from.position().slot(),
                                        progress.rows(),
                                        progress.bytes());
                                close(from.session());
                                receiver.ended(this);
                            }));
                },
                () -> {});
    }

    private void close(long number) {
        call(new SnapshotMessages.Close(number)).exceptionally(failure -> new byte[0]); // it would end by itself
    }

    private java.util.concurrent.CompletableFuture<byte[]> call(SnapshotMessages.Request request) {
        return receiver.link.call(member, Link.Service.SNAPSHOT, SnapshotMessages.encode(request), CALL_MS);
    }

    /** Asks the member; the answer is taken on the loop of the group. */
    private void ask(SnapshotMessages.Request request, Consumer<byte[]> taken) {
        call(request)
                .whenComplete((bytes, failure) -> replica.execute(() -> {
                    if (receiver.isClosed()) {
                        receiver.ended(this);
                    } else if (failure != null) {
                        failed(request, taken, SnapshotReceiver.unwrap(failure));
                    } else {
                        failures = 0;
                        taken.accept(bytes);
                    }
                }));
    }

    private void failed(SnapshotMessages.Request request, Consumer<byte[]> taken, Throwable failure) {
        failures++;
        long pauseMs = Math.min(RETRY_MS_MAX, RETRY_MS << Math.min(failures, 5));
        boolean again = session != null
                && SnapshotReceiver.isLost(failure)
                && failures <= RETRIES_MAX
                && !(request instanceof SnapshotMessages.Open);
        SnapshotReceiver.log(
                "group {}: node {} gives no snapshot now ({}){}",
                group(),
                member,
                String.valueOf(failure.getMessage()),
                begun ? "; trying again" : "");
        if (again) {
            replica.later(pauseMs, () -> ask(request, taken));
        } else if (begun) {
            session = null;
            nextMember();
            replica.later(pauseMs, this::open);
        } else {
            receiver.ended(this);
        }
    }

    /** Runs a step that touches the store, then goes on with the loop. */
    private void onDisk(Runnable step, Runnable then) {
        receiver.disk.execute(() -> {
            try {
                step.run();
            } catch (RuntimeException e) {
                replica.execute(() -> {
                    SnapshotReceiver.log("group {}: a snapshot cannot be stored: {}", group(), e.toString());
                    failures++;
                    session = null;
                    replica.later(RETRY_MS_MAX, this::open);
                });
                return;
            }
            replica.execute(then);
        });
    }
}
