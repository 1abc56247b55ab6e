package io.atlasdb.node.cluster;

import io.atlasdb.node.config.Address;
import io.atlasdb.node.replica.Link;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a node becomes a member, or tells the others where it is now: it asks members until one has registered it. */
public final class Joining {
    private static final Logger LOG = LoggerFactory.getLogger(Joining.class);
    private static final long CALL_MS = 15_000;
    private static final long PAUSE_MS = 500;

    private final Peers peers;
    private final LongSupplier wallMs;
    private final long clockOffsetMsMax;

    /** {@code clockOffsetMsMax} is by how much clocks may differ. */
    public Joining(Peers peers, LongSupplier wallMs, long clockOffsetMsMax) {
        this.peers = peers;
        this.wallMs = wallMs;
        this.clockOffsetMsMax = clockOffsetMsMax;
    }

    /**
     * What the cluster gave.
     *
     * @param cluster its name
     * @param self this node with its id and zone
     * @param nodes all nodes
     */
    public record Membership(String cluster, NodeRecord self, List<NodeRecord> nodes) {
        public Membership {
            nodes = List.copyOf(nodes);
        }
    }

    /**
     * Asks the addresses in turn.
     *
     * @param patienceMs how long to try when nobody answers
     * @throws AtlasException {@code MEMBERSHIP} and {@code LOGIN} with the reason at once when a member refuses;
     *     {@code UNREACHABLE} when none answered in time
     */
    public Membership join(List<Address> addresses, String uuid, String region, Address advertise, long patienceMs) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMs);
        while (true) {
            AtlasException last = null;
            int refusals = 0;
            for (Address address : addresses) {
                try {
                    ClusterMessage.Joined joined = ask(
                            address,
                            new ClusterMessage.Join(
                                    uuid, region, advertise.host(), advertise.port(), wallMs.getAsLong()));
                    return new Membership(joined.cluster(), joined.self(), joined.nodes());
                } catch (AtlasException e) {
                    if (e.code() == ErrorCode.MEMBERSHIP) {
                        throw e;
                    }
                    // One may be of another cluster, or in none yet itself: the others are asked as well.
                    refusals += isFinal(e) ? 1 : 0;
                    last = last != null && isFinal(last) ? last : e;
                    LOG.info("{} does not take this node in yet: {}", address, e.getMessage());
                }
            }
            if (last == null) {
                throw ErrorCode.INVALID_PARAMETER.error("connect", addresses, "name a node of the cluster");
            }
            if (refusals == addresses.size()
                    || System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PAUSE_MS) > deadline) {
                throw last;
            }
            pause();
        }
    }

    /** Whether asking again cannot help. */
    private static boolean isFinal(AtlasException e) {
        return switch (e.code()) {
            case MEMBERSHIP, LOGIN, DENIED, INVALID_PARAMETER, PROTOCOL -> true;
            default -> false;
        };
    }

    /** The member's clock was read between sending and receiving, so both bounds are certain. */
    private void checkClock(Address address) {
        long sentMs = wallMs.getAsLong();
        long memberMs =
                ByteBuffer.wrap(call(address, new ClusterMessage.Ping())).getLong();
        long receivedMs = wallMs.getAsLong();
        if (sentMs - memberMs > clockOffsetMsMax) {
            throw ClockCheck.refusal(sentMs - memberMs, "ahead of that of " + address, clockOffsetMsMax);
        }
        if (memberMs - receivedMs > clockOffsetMsMax) {
            throw ClockCheck.refusal(memberMs - receivedMs, "behind that of " + address, clockOffsetMsMax);
        }
    }

    private ClusterMessage.Joined ask(Address address, ClusterMessage.Join join) {
        checkClock(address);
        return ClusterMessage.Joined.decode(call(address, join));
    }

    private byte[] call(Address address, ClusterMessage message) {
        try {
            return peers.callAddress(address.host(), address.port(), Link.Service.CLUSTER, message.encode(), CALL_MS)
                    .get(2 * CALL_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ErrorCode.CANCELLED.error();
        } catch (TimeoutException e) {
            throw ErrorCode.UNREACHABLE.error(e, address, "no answer in time");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw cause instanceof AtlasException known
                    ? known
                    : ErrorCode.UNREACHABLE.error(e, address, String.valueOf(cause));
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ErrorCode.CANCELLED.error();
        }
    }
}
