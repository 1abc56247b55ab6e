package io.atlasdb.jdbc;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.proto.client.Cancel;
import io.atlasdb.proto.client.Open;
import io.atlasdb.proto.client.Opened;
import io.atlasdb.proto.client.Request;
import io.atlasdb.proto.client.Response;
import io.atlasdb.proto.client.Settings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The conversation of one connection: numbers the requests, notices when the host is lost, and says what that means for the
 * work under way. Safe for several threads, whose requests follow one another.
 */
final class Channel {
    private static final int VERSION = 1;
    private static final int MAGIC = 0x41544C53;
    /** Beyond the time-out that the server was given: its answer that the time is over has to arrive. */
    private static final long GRACE_MS = 10_000;

    private static final int CANCEL_TIMEOUT_MS = 10_000;

    private final ConnectionUrl url;
    private final boolean http;
    private final @Nullable Tls tls;
    private final InetSocketAddress host;
    private final Link link;
    private final Opened opened;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Integer> statementsToClose = new ArrayList<>();
    private volatile int socketTimeoutMs;
    private volatile boolean inTransaction;
    private volatile boolean closed;
    private volatile @Nullable String lost;
    private long number;

    /** What a loss of the connection does to a request. */
    enum Loss {
        /** Nothing was to be written by it. */
        HARMLESS,
        /** It may have been committed. */
        MAY_HAVE_COMMITTED
    }

    private Channel(
            ConnectionUrl url, InetSocketAddress host, boolean http, @Nullable Tls tls, Link link, Opened opened)
            throws SQLException {
        this.url = url;
        this.host = host;
        this.http = http;
        this.tls = tls;
        this.link = link;
        this.opened = opened;
        socketTimeoutMs = url.get(ConnectionProperty.SOCKET_TIMEOUT);
    }

    /** Opens a conversation with the first host that takes it. */
    static Channel open(ConnectionUrl url) throws SQLException {
        long loginMs = url.get(ConnectionProperty.LOGIN_TIMEOUT);
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(loginMs);
        List<String> failures = new ArrayList<>();
        IOException last = null;
        Tls tls = Tls.of(url);
        for (InetSocketAddress host : url.hosts()) {
            long leftMs = loginMs == 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
            if (loginMs > 0 && leftMs <= 0) {
                failures.add("no time was left for " + host.getHostString() + ":" + host.getPort());
                break;
            }
            try {
                return open(url, host, tls, (int) leftMs);
            } catch (IOException e) {
                last = e;
                failures.add(host.getHostString() + ":" + host.getPort() + " " + reason(e));
            }
        }
        throw Errors.of(
                last == null ? new IOException("no time was left") : last,
                ErrorCode.CANNOT_CONNECT,
                url.hosts().size() == 1 ? "the node" : "any of " + url.hosts().size() + " nodes",
                String.join("; ", failures));
    }

    private static Channel open(ConnectionUrl url, InetSocketAddress host, @Nullable Tls tls, int leftMs)
            throws IOException, SQLException {
        int connectMs = url.get(ConnectionProperty.CONNECT_TIMEOUT);
        if (leftMs > 0) {
            connectMs = connectMs == 0 ? leftMs : Math.min(connectMs, leftMs);
        }
        boolean http = url.get(ConnectionProperty.TRANSPORT).equals("http");
        Open.Builder open = Open.newBuilder().setMagic(MAGIC).setVersion(VERSION);
        Scram scram = Scram.of(url);
        open.setScramFirst(scram.first());
        for (ConnectionProperty<String> property : List.of(
                ConnectionProperty.USER,
                ConnectionProperty.SCHEMA,
                ConnectionProperty.APPLICATION_NAME,
                ConnectionProperty.CONSISTENCY)) {
            if (!url.get(property).isEmpty()) {
                open.putProperties(property.key(), url.get(property));
            }
        }
        Link link = link(host, connectMs, http, tls);
        boolean kept = false;
        try {
            Response response = link.call(Request.newBuilder().setOpen(open).build(), leftMs);
            if (response.hasChallenge()) {
                response = link.call(scram.answer(response.getChallenge()), leftMs);
            }
            if (response.hasError()) {
                throw Errors.of(response.getError());
            }
            if (!response.hasOpened()) {
                throw new IOException("does not speak the client protocol");
            }
            scram.verify(response.getOpened());
            kept = true;
            return new Channel(url, host, http, tls, link, response.getOpened());
        } finally {
            if (!kept) {
                link.close();
            }
        }
    }

    private static Link link(InetSocketAddress host, int connectMs, boolean http, @Nullable Tls tls)
            throws IOException {
        return http ? new HttpLink(host, connectMs, tls) : new FramedLink(host, connectMs, tls);
    }

    private static String reason(IOException e) {
        if (e instanceof SocketTimeoutException) {
            return "gave no answer in time";
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    Settings settings() {
        return opened.getSettings();
    }

    String serverVersion() {
        return opened.getServerVersion();
    }

    boolean inTransaction() {
        return inTransaction;
    }

    boolean isClosed() {
        return closed || lost != null;
    }

    int socketTimeoutMs() {
        return socketTimeoutMs;
    }

    void setSocketTimeoutMs(int timeoutMs) {
        socketTimeoutMs = timeoutMs;
    }

    /** The server forgets a prepared statement with the next request. */
    void closeStatementLater(int statement) {
        lock.lock();
        try {
            statementsToClose.add(statement);
        } finally {
            lock.unlock();
        }
    }

    /** Tells which number a request got, before it is sent, so that another thread can cancel it. */
    interface NumberListener {
        void number(long number);
    }

    Response call(Request.Builder request, Loss loss) throws SQLException {
        return call(request, loss, 0, n -> {});
    }

    /**
     * Sends a request and gives its answer.
     *
     * @param timeoutMs the time-out that the server was told; 0 = none
     * @throws SQLException what the server said, or that the connection was lost
     */
    Response call(Request.Builder request, Loss loss, long timeoutMs, NumberListener listener) throws SQLException {
        lock.lock();
        try {
            checkOpen();
            listener.number(complete(request));
            int waitMs = socketTimeoutMs;
            if (timeoutMs > 0 && (waitMs == 0 || waitMs > timeoutMs + GRACE_MS)) {
                waitMs = (int) Math.min(Integer.MAX_VALUE, timeoutMs + GRACE_MS);
            }
            Response response = exchange(request.build(), loss, waitMs);
            if (response.hasError()) {
                if (response.getError().getCode() == ErrorCode.CONNECTION_CLOSED.number()) {
                    throw lost(new IOException(response.getError().getMessage()), Loss.HARMLESS);
                }
                throw Errors.of(response.getError());
            }
            return response;
        } finally {
            lock.unlock();
        }
    }

    /** Like {@link #call}, but an error of the server is part of the answer. */
    Response callForCounts(Request.Builder request, Loss loss, long timeoutMs, NumberListener listener)
            throws SQLException {
        lock.lock();
        try {
            checkOpen();
            listener.number(complete(request));
            long waitMs = timeoutMs > 0 ? timeoutMs + GRACE_MS : socketTimeoutMs;
            Response response = exchange(request.build(), loss, (int) Math.min(Integer.MAX_VALUE, waitMs));
            return response;
        } finally {
            lock.unlock();
        }
    }

    private long complete(Request.Builder request) {
        number++;
        request.setNumber(number);
        request.addAllCloseStatement(statementsToClose);
        statementsToClose.clear();
        if (http) {
            request.setSession(opened.getSession()).setSecret(opened.getSecret());
        }
        return number;
    }

    private Response exchange(Request request, Loss loss, int waitMs) throws SQLException {
        try {
            Response response = link.call(request, waitMs);
            if (response.hasInTransaction()) {
                inTransaction = response.getInTransaction();
            }
            return response;
        } catch (IOException e) {
            throw lost(e, loss);
        }
    }

    /** Lets go of a result that was not read to its end; costs no round trip. */
    void closeCursor(int cursor) {
        lock.lock();
        try {
            if (!isClosed()) {
                Request.Builder request = Request.newBuilder().setSilent(true).addCloseCursor(cursor);
                complete(request);
                link.send(request.build());
            }
        } catch (IOException e) {
            lost(e, Loss.HARMLESS);
        } finally {
            lock.unlock();
        }
    }

    private SQLException lost(IOException cause, Loss loss) {
        String why = reason(cause);
        boolean openTransaction = inTransaction;
        lost = why;
        inTransaction = false;
        link.close();
        String place = host.getHostString() + ":" + host.getPort();
        String rolledBack = openTransaction ? "; the open transaction was rolled back" : "";
        SQLException lostError = Errors.of(cause, ErrorCode.CONNECTION_LOST, place, why + rolledBack);
        if (loss == Loss.HARMLESS) {
            return lostError;
        }
        SQLException unknown =
                Errors.of(cause, ErrorCode.OUTCOME_UNKNOWN, "the connection to " + place + " was lost (" + why + ")");
        // Pools look for class 08 along this chain to throw the connection away.
        unknown.setNextException(lostError);
        return unknown;
    }

    private void checkOpen() throws SQLException {
        String why = lost;
        if (why != null) {
            throw Errors.of(ErrorCode.CONNECTION_LOST, host.getHostString() + ":" + host.getPort(), why);
        }
        if (closed) {
            throw Errors.of(ErrorCode.CONNECTION_CLOSED);
        }
    }

    /** Stops a request of this conversation, on a connection of its own. */
    void cancel(long requestNumber) throws SQLException {
        Request request = Request.newBuilder()
                .setCancel(Cancel.newBuilder()
                        .setSession(opened.getSession())
                        .setSecret(opened.getSecret())
                        .setNumber(requestNumber))
                .build();
        try (Link second = link(host, url.get(ConnectionProperty.CONNECT_TIMEOUT), http, tls)) {
            Response response = second.call(request, CANCEL_TIMEOUT_MS);
            if (response.hasError()) {
                throw Errors.of(response.getError());
            }
        } catch (IOException e) {
            throw Errors.of(e, ErrorCode.CONNECTION_LOST, host.getHostString() + ":" + host.getPort(), reason(e));
        }
    }

    /** Whether the server answers within {@code timeoutMs}, 0 = no limit; a connection that does not is lost. */
    boolean ping(int timeoutMs) {
        lock.lock();
        try {
            if (isClosed()) {
                return false;
            }
            Request.Builder request = Request.newBuilder().setPing(io.atlasdb.proto.client.Ping.getDefaultInstance());
            complete(request);
            try {
                return !link.call(request.build(), timeoutMs).hasError();
            } catch (IOException e) {
                lost(e, Loss.HARMLESS);
                return false;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends the conversation; what was not committed is rolled back. */
    void close() {
        lock.lock();
        try {
            if (!isClosed()) {
                closed = true;
                Request.Builder request = Request.newBuilder()
                        .setSilent(true)
                        .setCloseSession(io.atlasdb.proto.client.CloseSession.getDefaultInstance());
                complete(request);
                link.send(request.build());
            }
        } catch (IOException e) {
            // The server ends the session when it sees the connection end.
            closed = true;
        } finally {
            closed = true;
            link.close();
            lock.unlock();
        }
    }

    /** Ends the connection at once, whatever runs on it. */
    void abort() {
        closed = true;
        link.close();
    }
}
