package io.atlasdb.sql.remote;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.proto.client.Cancel;
import io.atlasdb.proto.client.Open;
import io.atlasdb.proto.client.Opened;
import io.atlasdb.proto.client.Request;
import io.atlasdb.proto.client.Response;
import io.atlasdb.sql.session.Session;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The open conversations of a node, by the number that their client knows them by. Safe for any thread. */
public final class Conversations implements AutoCloseable {
    /** The version of the client protocol. */
    public static final int VERSION = 1;
    /** The magic of the first message, the bytes "ATLS". */
    public static final int MAGIC = 0x41544C53;

    private final SessionFactory sessions;
    private final ConnectionSlots slots;
    private final FaultLog log;
    private final String serverVersion;
    private final LongSupplier nanos;
    private final SecureRandom random = new SecureRandom();
    private final Map<Long, Entry> open = new ConcurrentHashMap<>();

    private static final class Entry {
        final long secret;
        final Conversation conversation;
        /** Requests name their session one by one (HTTP), so only silence tells that the client is gone. */
        final boolean reaped;

        volatile long usedNanos;

        Entry(long secret, Conversation conversation, boolean reaped, long usedNanos) {
            this.secret = secret;
            this.conversation = conversation;
            this.reaped = reaped;
            this.usedNanos = usedNanos;
        }
    }

    /** A conversation that was just opened, and the answer for its client; the conversation is null when that is an error. */
    public record Opening(
            Response response, long session, @Nullable Conversation conversation) {}

    /**
     * Conversations over {@code sessions}.
     *
     * @param nanos the clock that silence is measured by
     */
    public Conversations(
            SessionFactory sessions, ConnectionSlots slots, String serverVersion, FaultLog log, LongSupplier nanos) {
        this.sessions = sessions;
        this.slots = slots;
        this.serverVersion = serverVersion;
        this.log = log;
        this.nanos = nanos;
    }

    /**
     * Opens a conversation.
     *
     * @param reaped whether {@link #reap} may close it; false when the caller closes it with its connection
     */
    public Opening open(Request request, boolean reaped) {
        Response.Builder response = Response.newBuilder().setNumber(request.getNumber());
        try {
            check(request);
            slots.take();
            boolean kept = false;
            try {
                Session session = sessions.open(request.getOpen().getPropertiesMap());
                Conversation conversation = new Conversation(session, log);
                long id = id();
                long secret = random.nextLong();
                open.put(id, new Entry(secret, conversation, reaped, nanos.getAsLong()));
                kept = true;
                Opened.Builder opened = Opened.newBuilder()
                        .setVersion(VERSION)
                        .setSession(id)
                        .setSecret(secret)
                        .setServerVersion(serverVersion)
                        .setSettings(conversation.settings());
                return new Opening(response.setOpened(opened).build(), id, conversation);
            } finally {
                if (!kept) {
                    slots.give();
                }
            }
        } catch (Throwable thrown) {
            return new Opening(
                    response.setError(Conversation.error(Faults.visible(thrown, log)))
                            .build(),
                    0,
                    null);
        }
    }

    private static void check(Request request) {
        Open hello = request.getOpen();
        if (!request.hasOpen() || hello.getMagic() != MAGIC) {
            throw ErrorCode.PROTOCOL.error("the first message must open a conversation");
        }
        if (hello.getVersion() < 1) {
            throw ErrorCode.PROTOCOL.error("version " + hello.getVersion() + " of the client protocol is not known");
        }
    }

    private long id() {
        long id = random.nextLong();
        return id == 0 || open.containsKey(id) ? id() : id;
    }

    /** Handles a request that names its session, as those over HTTP do. */
    public Response handle(Request request) {
        Entry entry = open.get(request.getSession());
        if (entry == null || entry.secret != request.getSecret()) {
            return failed(request, ErrorCode.CONNECTION_CLOSED.error());
        }
        entry.usedNanos = nanos.getAsLong();
        Response response = entry.conversation.handle(request);
        entry.usedNanos = nanos.getAsLong();
        if (request.hasCloseSession()) {
            close(request.getSession());
        }
        return response;
    }

    /** The answer to a request that could not be handled. */
    public static Response failed(Request request, AtlasException error) {
        return Response.newBuilder()
                .setNumber(request.getNumber())
                .setError(Conversation.error(error))
                .build();
    }

    /** Cancels a request of another connection; takes up to a second. A wrong secret is not told from a right one. */
    public Response cancel(Request request) {
        Cancel cancel = request.getCancel();
        Entry entry = open.get(cancel.getSession());
        if (entry != null && entry.secret == cancel.getSecret()) {
            entry.conversation.cancel(cancel.getNumber());
        }
        return Response.newBuilder()
                .setNumber(request.getNumber())
                .setDone(io.atlasdb.proto.client.Done.getDefaultInstance())
                .build();
    }

    /** Ends a conversation; nothing when there is none of that number. Waits for the request that runs. */
    public void close(long session) {
        Entry entry = open.remove(session);
        if (entry != null) {
            try {
                entry.conversation.abort();
                entry.conversation.close();
            } catch (RuntimeException e) {
                Faults.visible(e, log);
            } finally {
                slots.give();
            }
        }
    }

    /** Closes conversations over HTTP that were silent for longer than {@code idleMs}. Returns how many. */
    public int reap(long idleMs) {
        int count = 0;
        long oldest = nanos.getAsLong() - TimeUnit.MILLISECONDS.toNanos(idleMs);
        for (Map.Entry<Long, Entry> entry : open.entrySet()) {
            if (entry.getValue().reaped && entry.getValue().usedNanos - oldest < 0) {
                close(entry.getKey());
                count++;
            }
        }
        return count;
    }

    /** Conversations that are open now. */
    public int count() {
        return open.size();
    }

    @Override
    public void close() {
        open.keySet().forEach(this::close);
    }
}
