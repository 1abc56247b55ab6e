package io.atlasdb.node.transport;

import com.google.protobuf.UnsafeByteOperations;
import io.atlasdb.node.replica.Link.Service;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.proto.peer.CallError;
import io.atlasdb.proto.peer.CallHead;
import io.atlasdb.proto.peer.CallPart;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What both ends of a call agree on. */
final class Calls {
    /** A request or an answer: the largest value (128 MiB) and what is around it. */
    static final int BYTES_MAX = 136 << 20;
    /** Calls to one peer under way at a time. */
    static final int PER_PEER_MAX = 4_096;

    /** So that other calls and messages of the connection get their turn in between. */
    private static final int PART_BYTES = 128 << 10;

    private static final Logger LOG = LoggerFactory.getLogger(Calls.class);

    private Calls() {}

    /** The stable number of a service. */
    static int code(Service service) {
        return switch (service) {
            case OWNER -> 1;
            case SNAPSHOT -> 2;
            case CLUSTER -> 3;
            case BLOB -> 4;
        };
    }

    /** The service of that number; null when this version does not know it. */
    static @Nullable Service service(int code) {
        for (Service service : Service.values()) {
            if (code(service) == code) {
                return service;
            }
        }
        return null;
    }

    /** The part of a payload that begins at {@code offset}; the first one carries the head. The bytes are not copied. */
    static CallPart part(byte[] payload, int offset, CallHead.Builder head) {
        int length = Math.min(PART_BYTES, payload.length - offset);
        CallPart.Builder part = CallPart.newBuilder();
        if (offset == 0) {
            part.setHead(head.setTotal(payload.length));
        }
        return part.setBytes(UnsafeByteOperations.unsafeWrap(payload, offset, length))
                .build();
    }

    /** Where the part after that one begins. */
    static int after(byte[] payload, int offset) {
        return Math.min(payload.length, offset + PART_BYTES);
    }

    /** An error of a handler as it travels; what is not for users goes to the log, under a number that is. */
    static CallPart error(Throwable thrown) {
        Throwable cause = cause(thrown);
        AtlasException shown;
        if (cause instanceof AtlasException known) {
            shown = known;
        } else {
            String id = Long.toHexString(ThreadLocalRandom.current().nextLong());
            LOG.error("internal error {} in a request of another node", id, cause);
            shown = ErrorCode.INTERNAL.error(id);
        }
        return CallPart.newBuilder()
                .setError(CallError.newBuilder()
                        .setNumber(shown.code().number())
                        .setMessage(String.valueOf(shown.getMessage())))
                .build();
    }

    static AtlasException error(CallError error) {
        return AtlasException.received(ErrorCode.of(error.getNumber()), error.getMessage());
    }

    static Throwable cause(Throwable thrown) {
        Throwable cause = thrown;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** A payload that comes in parts. */
    static final class Incoming {
        private final byte[] bytes;
        private int received;

        Incoming(int total) {
            bytes = new byte[total];
        }

        /** Whether the part fits into what was announced. */
        boolean add(CallPart part) {
            int size = part.getBytes().size();
            if (size > bytes.length - received) {
                return false;
            }
            part.getBytes().copyTo(bytes, received);
            received += size;
            return true;
        }

        boolean isComplete() {
            return received == bytes.length;
        }

        byte[] bytes() {
            return bytes;
        }
    }
}
