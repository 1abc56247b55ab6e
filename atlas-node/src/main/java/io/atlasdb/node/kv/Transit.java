package io.atlasdb.node.kv;

import io.atlasdb.node.replica.Replica;
import io.atlasdb.proto.ErrorCode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Requests that came while the group is handed over: kept until the heir leads, then sent after it; carried out here when the
 * group stays, or the heir does not take it in time. On the group's thread.
 */
final class Transit {
    /** How long the heir is waited for once it was told, milliseconds: phase 1 and its first entry, over an ocean. */
    private static final long TAKE_MS = 2_000;

    private static final long LOOK_MS = 2;
    /** Each holds a request in memory, whose bytes are bounded where it came in. */
    private static final int WAITING_MAX = 16_384;

    private final Replica replica;
    private final int self;
    private final Claim.Carrier again;
    private final Deque<Claim.Waiting> waiting = new ArrayDeque<>();
    private int heir;
    private long untilMs;

    /** {@code again} takes requests that need not wait any more. */
    Transit(Replica replica, int self, Claim.Carrier again) {
        this.replica = replica;
        this.self = self;
        this.again = again;
    }

    /** Whether the group is being handed over, so that what would be proposed waits. */
    boolean isUnderWay() {
        return heir != 0;
    }

    void begin(int to) {
        heir = to;
    }

    void add(Request request, long deadlineMs, CompletableFuture<Answer> answer) {
        if (waiting.size() >= WAITING_MAX) {
            answer.completeExceptionally(ErrorCode.BUSY.error("group " + replica.group() + " moves to node " + heir));
        } else {
            waiting.add(new Claim.Waiting(request, deadlineMs, answer));
        }
    }

    /** The owner has let go. */
    void left() {
        if (heir != 0) {
            untilMs = replica.nowMs() + TAKE_MS;
            look();
        }
    }

    private void look() {
        if (heir == 0) {
            return;
        }
        int owner = replica.owner();
        if (owner != 0 && owner != self) {
            NotOwner moved = new NotOwner(owner);
            take().forEach(one -> one.answer().completeExceptionally(moved));
        } else if (replica.nowMs() >= untilMs) {
            end();
        } else {
            replica.later(LOOK_MS, this::look);
        }
    }

    /** The group is or will be owned here. */
    void end() {
        take().forEach(one -> again.carryOut(one.request(), one.deadlineMs(), one.answer()));
    }

    private List<Claim.Waiting> take() {
        heir = 0;
        List<Claim.Waiting> all = List.copyOf(waiting);
        waiting.clear();
        return all;
    }
}
