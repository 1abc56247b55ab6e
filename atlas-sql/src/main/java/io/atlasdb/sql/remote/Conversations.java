package io.atlasdb.sql.remote;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.proto.client.Cancel;
import io.atlasdb.proto.client.Challenge;
import io.atlasdb.proto.client.Open;
import io.atlasdb.proto.client.Opened;
import io.atlasdb.proto.client.Request;
import io.atlasdb.proto.client.Response;
import io.atlasdb.sql.session.Session;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
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

    /** How long a client may take to answer a challenge. */
    private static final long CHALLENGE_S_MAX = 30;
    /** Challenges over HTTP that wait for their answer; one more takes the place of the oldest. */
    private static final int CHALLENGES_MAX = 1_000;

    private final SessionFactory sessions;
    private final Logins logins;
    private final ConnectionSlots slots;
    private final FaultLog log;
    private final String serverVersion;
    private final LongSupplier nanos;
    private final SecureRandom random = new SecureRandom();
    private final Map<Long, Entry> open = new ConcurrentHashMap<>();

    private final Map<Long, Pending> pendings = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Pending> eldest) {
            return size() > CHALLENGES_MAX;
        }
    };

    /** A client that was asked for a proof. */
    public static final class Pending {
        private final long secret;
        private final Logins.Exchange exchange;
        private final Map<String, String> properties;
        private final boolean reaped;
        private final long sinceNanos;

        private Pending(
                long secret,
                Logins.Exchange exchange,
                Map<String, String> properties,
                boolean reaped,
                long sinceNanos) {
            this.secret = secret;
            this.exchange = exchange;
            this.properties = properties;
            this.reaped = reaped;
            this.sinceNanos = sinceNanos;
        }
    }

    private static final class Entry {
        final long secret;
        final Login login;
        final Conversation conversation;
        /** Requests name their session one by one (HTTP), so only silence tells that the client is gone. */
        final boolean reaped;

        volatile long usedNanos;

        Entry(long secret, Login login, Conversation conversation, boolean reaped, long usedNanos) {
            this.secret = secret;
            this.login = login;
            this.conversation = conversation;
            this.reaped = reaped;
            this.usedNanos = usedNanos;
        }
    }

    /**
     * What came of the wish to open a conversation, and the answer for the client: a conversation, or a challenge that waits for
     * its answer, or, when both are null, an error.
     */
    public record Opening(
            Response response,
            long session,
            @Nullable Conversation conversation,
            @Nullable Pending pending) {
        private static Opening failed(Response response) {
            return new Opening(response, 0, null, null);
        }
    }

    /**
     * Conversations over {@code sessions}, for those whom {@code logins} lets in.
     *
     * @param nanos the clock that silence is measured by
     */
    public Conversations(
            SessionFactory sessions,
            Logins logins,
            ConnectionSlots slots,
            String serverVersion,
            FaultLog log,
            LongSupplier nanos) {
        this.sessions = sessions;
        this.logins = logins;
        this.slots = slots;
        this.serverVersion = serverVersion;
        this.log = log;
        this.nanos = nanos;
    }

    /**
     * Opens a conversation, or asks for a proof first.
     *
     * @param reaped whether {@link #reap} may close it, and requests name it; false when the caller closes it with its connection,
     *     and keeps what is pending itself
     */
    public Opening open(Request request, Peer peer, boolean reaped) {
        try {
            check(request);
            Open hello = request.getOpen();
            if (hello.getScramFirst().isEmpty()) {
                return opened(request, logins.nobody(peer), "", hello.getPropertiesMap(), reaped);
            }
            Logins.Exchange exchange = logins.begin(hello.getScramFirst(), peer);
            Pending pending =
                    new Pending(random.nextLong(), exchange, hello.getPropertiesMap(), reaped, nanos.getAsLong());
            long id = id();
            if (reaped) {
                synchronized (pendings) {
                    pendings.put(id, pending);
                }
            }
            Challenge challenge = Challenge.newBuilder()
                    .setSession(id)
                    .setSecret(pending.secret)
                    .setScram(exchange.challenge())
                    .build();
            return new Opening(answer(request).setChallenge(challenge).build(), 0, null, pending);
        } catch (Throwable thrown) {
            return failed(request, thrown);
        }
    }

    /** Answers the proof of a client whose request names the exchange, as those over HTTP do. */
    public Opening login(Request request) {
        Pending pending;
        synchronized (pendings) {
            pending = pendings.remove(request.getSession());
        }
        if (pending == null || pending.secret != request.getSecret()) {
            return Opening.failed(failed(request, ErrorCode.LOGIN.error("the log-in took too long; begin again")));
        }
        return login(request, pending);
    }

    /** Answers the proof of a client. */
    public Opening login(Request request, Pending pending) {
        try {
            if (!request.hasLogin()) {
                throw ErrorCode.PROTOCOL.error("the answer to the challenge must follow it");
            }
            if (nanos.getAsLong() - pending.sinceNanos > TimeUnit.SECONDS.toNanos(CHALLENGE_S_MAX)) {
                throw ErrorCode.LOGIN.error("the log-in took too long; begin again");
            }
            Logins.Finished finished =
                    pending.exchange.finish(request.getLogin().getScram());
            return opened(request, finished.login(), finished.scram(), pending.properties, pending.reaped);
        } catch (Throwable thrown) {
            return failed(request, thrown);
        }
    }

    private Opening opened(Request request, Login login, String scram, Map<String, String> properties, boolean reaped) {
        slots.take();
        boolean kept = false;
        try {
            Session session = sessions.open(login, properties);
            Conversation conversation = new Conversation(session, log);
            long id = id();
            long secret = random.nextLong();
            open.put(id, new Entry(secret, login, conversation, reaped, nanos.getAsLong()));
            kept = true;
            Opened.Builder opened = Opened.newBuilder()
                    .setVersion(VERSION)
                    .setSession(id)
                    .setSecret(secret)
                    .setServerVersion(serverVersion)
                    .setSettings(conversation.settings())
                    .setScram(scram);
            return new Opening(answer(request).setOpened(opened).build(), id, conversation, null);
        } finally {
            if (!kept) {
                slots.give();
                logins.left(login);
            }
        }
    }

    private static Response.Builder answer(Request request) {
        return Response.newBuilder().setNumber(request.getNumber());
    }

    private Opening failed(Request request, Throwable thrown) {
        return Opening.failed(answer(request)
                .setError(Conversation.error(Faults.visible(thrown, log)))
                .build());
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
                logins.left(entry.login);
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
