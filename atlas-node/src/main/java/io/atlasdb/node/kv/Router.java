package io.atlasdb.node.kv;

import io.atlasdb.node.clock.HybridClock;
import io.atlasdb.node.consensus.Configuration;
import io.atlasdb.node.replica.Link;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.Store;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Brings requests to the owners of groups, here or on other nodes, follows them when they move, and becomes the owner when
 * nobody else is. What is sent again carries the same name, so that it takes effect once. Safe for any number of threads.
 */
final class Router {
    /** How long a request is tried, milliseconds. */
    static final long REQUEST_MS = 10_000;
    /** How long one node may take to answer before the next is asked, milliseconds; a request may wait for a lock there. */
    private static final long ATTEMPT_MS = 6_000;

    private static final long PAUSE_MS = 10;
    private static final int PAUSE_DOUBLINGS_MAX = 6;
    private static final byte DONE = 0;
    private static final byte ELSEWHERE = 1;

    private final int self;
    private final KvStore store;
    private final Link link;
    private final HybridClock clock;
    /** Owners of groups that this node is no member of. */
    private final Map<Long, Integer> owners = new ConcurrentHashMap<>();

    Router(int self, KvStore store, Link link, HybridClock clock) {
        this.self = self;
        this.store = store;
        this.link = link;
        this.clock = clock;
        link.serve(Link.Service.OWNER, this::serve);
    }

    /**
     * Asks the owner of a group.
     *
     * @return completes exceptionally with an {@code AtlasException}: what the owner says, {@code NO_QUORUM} when nobody could
     *     own the group in time, {@code OUTCOME_UNKNOWN} when the request was sent and no answer came
     */
    CompletableFuture<Answer> ask(long group, Request request) {
        Errand errand = new Errand(group, request, store.nowMs() + REQUEST_MS);
        errand.attempt();
        return errand.answer;
    }

    private CompletableFuture<byte[]> serve(int from, byte[] bytes) {
        if (!store.isOpen()) {
            return CompletableFuture.failedFuture(ErrorCode.UNREACHABLE.error(self, "it is starting or stopping"));
        }
        RequestCodec.Addressed asked = RequestCodec.decode(bytes);
        KvGroup group = store.find(asked.group());
        if (group == null) {
            return CompletableFuture.completedFuture(elsewhere(0));
        }
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        if (group.isOwned()) {
            store.accessed(asked.group(), from, asked.request());
        }
        group.execute(() -> group.handle(asked.request(), group.replica().nowMs() + ATTEMPT_MS, false, answer));
        return answer.handle((done, failure) -> {
            if (failure == null) {
                byte[] encoded = done.encode();
                return ByteBuffer.allocate(1 + encoded.length)
                        .put(DONE)
                        .put(encoded)
                        .array();
            }
            Throwable cause = unwrap(failure);
            if (cause instanceof NotOwner moved) {
                return elsewhere(moved.owner);
            }
            throw cause instanceof AtlasException known ? known : ErrorCode.INTERNAL.error(cause, "at an owner");
        });
    }

    private static byte[] elsewhere(int owner) {
        return ByteBuffer.allocate(5).put(ELSEWHERE).putInt(owner).array();
    }

    static Throwable unwrap(Throwable thrown) {
        return thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
    }

    /** One request on its way. */
    private final class Errand {
        private final long group;
        private final long deadlineMs;
        private final CompletableFuture<Answer> answer = new CompletableFuture<>();
        private Request request;
        private final Set<Integer> failed = new HashSet<>();
        private int hint;
        private int tries;
        /** Whether a node may have carried it out without our knowing. */
        private boolean unknown;

        Errand(long group, Request request, long deadlineMs) {
            this.group = group;
            this.request = request;
            this.deadlineMs = deadlineMs;
        }

        /** The answer is here. */
        private void done(Answer done) {
            if (group == Store.SYSTEM_GROUP) {
                store.sawSystem(done.slot());
            }
            answer.complete(done);
        }

        void attempt() {
            try {
                KvGroup local = store.find(group);
                int target = local != null && local.isOwned() ? self : target(local);
                if (target == 0) {
                    again(ErrorCode.NO_QUORUM.error(missing()));
                } else if (target == self && local != null) {
                    ask(local);
                } else {
                    ask(target);
                }
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        }

        private String missing() {
            return Claim.missing(group, store.members(group), self, link);
        }

        private int target(@Nullable KvGroup local) {
            int owner = hint != 0 ? hint : local != null ? local.replica().owner() : owners.getOrDefault(group, 0);
            if (owner != 0 && owner != self && link.isConnected(owner) && !failed.contains(owner)) {
                return owner;
            }
            Configuration members = store.members(group);
            if (members == null) {
                return 0;
            }
            if (local != null && members.hasVoter(self)) {
                return self;
            }
            int any = 0;
            for (Configuration.Voter voter : members.voters()) {
                if (link.isConnected(voter.node())) {
                    if (!failed.contains(voter.node())) {
                        return voter.node();
                    }
                    any = voter.node();
                }
            }
            failed.clear();
            return any;
        }

        private void ask(KvGroup local) {
            CompletableFuture<Answer> here = new CompletableFuture<>();
            long left = deadlineMs - store.nowMs();
            if (local.isOwned()) {
                store.accessed(group, self, request);
            }
            boolean force = !failed.isEmpty();
            Request asked = request instanceof Request.Position position
                    ? new Request.Position(position.timestamp(), position.raise(), true)
                    : request;
            local.execute(() -> local.handle(asked, local.replica().nowMs() + left, force, here));
            here.whenComplete((done, failure) -> {
                Throwable cause = failure == null ? null : unwrap(failure);
                if (cause instanceof NotOwner moved) {
                    hint = moved.owner == self ? 0 : moved.owner;
                    again(ErrorCode.NO_QUORUM.error(missing()));
                } else if (cause != null) {
                    fail(cause);
                } else {
                    done(done);
                }
            });
        }

        private void ask(int node) {
            if (request instanceof Request.Write write && write.id() == null) {
                request = new Request.Write(new TxnId(self, clock.next()), write.timestamp(), write.part());
            }
            long left = Math.min(ATTEMPT_MS, Math.max(1, deadlineMs - store.nowMs()));
            link.call(node, Link.Service.OWNER, RequestCodec.encode(group, request), left)
                    .whenComplete((bytes, failure) -> {
                        Throwable cause = failure == null ? null : unwrap(failure);
                        if (cause instanceof AtlasException known && known.code() == ErrorCode.UNREACHABLE) {
                            unknown = true;
                            failed.add(node);
                            hint = 0;
                            owners.remove(group, node);
                            again(known);
                        } else if (cause != null) {
                            fail(cause);
                        } else {
                            take(node, ByteBuffer.wrap(bytes));
                        }
                    });
        }

        private void take(int node, ByteBuffer bytes) {
            if (bytes.get() == DONE) {
                Answer done = Answer.decode(bytes);
                owners.put(group, node);
                clock.observe(done.timestamp());
                done(done);
                return;
            }
            int owner = bytes.getInt();
            hint = owner == self ? 0 : owner;
            owners.remove(group, node);
            if (owner == 0 || owner == node) {
                failed.add(node);
            }
            again(ErrorCode.NO_QUORUM.error(missing()));
        }

        /** Tries again after a pause, when there is time. */
        private void again(AtlasException reason) {
            long pause = tries == 0 ? 0 : PAUSE_MS << Math.min(tries, PAUSE_DOUBLINGS_MAX);
            tries++;
            if (store.nowMs() + pause >= deadlineMs) {
                fail(reason);
            } else {
                store.later(pause, this::attempt);
            }
        }

        private void fail(Throwable cause) {
            AtlasException known = cause instanceof AtlasException error
                    ? error
                    : ErrorCode.INTERNAL.error(cause, "in a request to the owner of group " + group);
            boolean undecided = known.code() == ErrorCode.NO_QUORUM || known.code() == ErrorCode.UNREACHABLE;
            if (unknown && undecided && !request.isRead()) {
                known = ErrorCode.OUTCOME_UNKNOWN.error(known.getMessage());
            }
            answer.completeExceptionally(known);
        }
    }
}
