package io.atlasdb.node.socket;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.store.ReadMode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client. Everything runs on the connection's event loop, except {@link #completed}.
 *
 * <p>Commands begin in the order of their bytes. An untagged one lets no other begin before it is answered; tagged ones run
 * beside each other. While none may begin, nothing is read, so that the client's own writes block.
 *
 * <p>Invariant: {@code inFlight} holds exactly the commands that were begun and not answered.
 */
final class SocketConnection extends ChannelInboundHandlerAdapter {
    private static final Logger OPS = LoggerFactory.getLogger("ops");

    private static final byte[] WELCOME = "WELCOME 1.0 Chronalys/1.0\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] READY = "READY\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final String PROTOCOL_VERSION = "1.0";
    /** What a MiB of a value may take on its way to other nodes, besides the time of a command. */
    private static final long BLOB_MS_PER_MIB = 2_000;

    private enum State {
        /** HELLO has not come. */
        GREETING,
        OPEN,
        /** Nothing begins any more; what is in flight is answered, then the connection ends. */
        CLOSING,
        CLOSED
    }

    private record InFlight(Request request, long startNanos, long heldBytes, AtomicBoolean cancelled) {}

    private record Completion(long id, Answer answer) {}

    private final ChannelHandlerContext context;
    private final CommandRunner runner;
    private final ByteBudget budget;
    private final SocketOptions options;
    private final Inbox inbox;
    private final Outbox outbox;
    private final ScheduledFuture<?> watch;
    private final long openedNanos = System.nanoTime();

    /** By number, in the order in which they began. */
    private final Map<Long, InFlight> inFlight = new LinkedHashMap<>();
    /** What other threads have ready for this connection. */
    private final Queue<Completion> completions = new ConcurrentLinkedQueue<>();

    private final AtomicBoolean drainScheduled = new AtomicBoolean();

    private State state = State.GREETING;
    /** A read that was taken from the inbox and has to wait for another one's end. */
    private @Nullable Request waiting;
    /** A value that comes in; what it takes stands before the next command. */
    private @Nullable BlobReceiver receiver;
    /** A value that goes out; nothing else may be written meanwhile, and so nothing begins. */
    private @Nullable BlobSender sender;
    /** What is said when nothing is in flight any more, before the connection ends. */
    private @Nullable ByteBuf farewell;

    private long receiverHolds;
    private @Nullable String principal;
    private final Freshness freshness = new Freshness();
    private boolean untaggedInFlight;
    private int readsInFlight;
    private long nextId;
    /** Whether bytes were asked for that have not come. */
    private boolean reading;
    /** Whether the client said that it sends no more. */
    private boolean inputEnded;

    private boolean proceeding;

    private SocketConnection(
            ChannelHandlerContext context, CommandRunner runner, ByteBudget budget, SocketOptions options) {
        this.context = context;
        this.runner = runner;
        this.budget = budget;
        this.options = options;
        this.inbox = new Inbox(budget);
        this.outbox = new Outbox(context.channel(), budget);
        long shortestMs =
                Math.min(options.handshakeTimeoutMs(), Math.min(options.commandTimeoutMs(), options.writeTimeoutMs()));
        long periodMs = Math.max(10, Math.min(1_000, shortestMs / 4));
        this.watch = context.executor().scheduleAtFixedRate(this::watch, periodMs, periodMs, TimeUnit.MILLISECONDS);
    }

    /** Greets the client of a channel that was just registered and serves it from then on. */
    static SocketConnection open(
            ChannelHandlerContext context, CommandRunner runner, ByteBudget budget, SocketOptions options) {
        SocketConnection connection = new SocketConnection(context, runner, budget, options);
        context.pipeline().addLast(connection);
        connection.outbox.write(Unpooled.wrappedBuffer(WELCOME), 0);
        connection.proceed();
        return connection;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (state == State.CLOSING || state == State.CLOSED) {
            ReferenceCountUtil.release(message);
        } else if (!inbox.add(ctx.alloc(), (ByteBuf) message)) {
            end(Answer.fatal("service unavailable: " + Execution.busy().getMessage()), null);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        reading = false;
        proceed();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (proceeding) {
            // Inside a flush: going on at once would recurse, and keep this thread from other connections.
            ctx.executor().execute(this::proceed);
        } else {
            proceed();
        }
    }

    /** The client sends no more but may still read: what it asked for is answered. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded = true;
            proceed();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        state = State.CLOSED;
        watch.cancel(false);
        inbox.release();
        if (farewell != null) {
            farewell.release();
            farewell = null;
        }
        for (InFlight command : inFlight.values()) {
            command.cancelled.set(true);
            budget.give(command.heldBytes);
        }
        inFlight.clear();
        if (receiver != null) {
            received(receiver).drop();
        }
        if (sender != null) {
            sender.drop();
            sender = null;
        }
        drain();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException)) {
            OPS.error("a connection of the socket failed and is closed", cause);
        }
        ctx.close();
    }

    /** Lets nothing more begin, answers what is in flight and ends. From any thread. */
    void shutDown() {
        context.executor()
                .execute(() -> end(Answer.fatal("service unavailable: " + ErrorCode.SHUTTING_DOWN.message()), null));
    }

    /** Does all that can be done now: begins commands, sends answers, asks for more bytes, ends. */
    private void proceed() {
        if (state == State.CLOSED || proceeding) {
            return;
        }
        proceeding = true;
        try {
            boolean drained = begin();
            context.flush();
            if (drained && inputEnded && inFlight.isEmpty() && sender == null && state != State.CLOSING) {
                state = State.CLOSING;
            }
            boolean wanted = receiver == null ? mayBegin() : receiver.wantsBytes();
            if (state == State.CLOSING && inFlight.isEmpty() && sender == null) {
                close();
            } else if (!reading && !inputEnded && wanted) {
                reading = true;
                context.read();
            }
        } finally {
            proceeding = false;
        }
    }

    private void close() {
        state = State.CLOSED;
        ByteBuf words = farewell == null ? Unpooled.EMPTY_BUFFER : farewell;
        farewell = null;
        context.writeAndFlush(words).addListener(ChannelFutureListener.CLOSE);
    }

    /** Begins what may begin; true when the inbox holds no further request. */
    private boolean begin() {
        while (true) {
            if (receiver != null) {
                receiver.take(inbox);
                if (!receiver.isComplete()) {
                    return receiver.wantsBytes();
                }
                commit(received(receiver));
            }
            if (!mayBegin()) {
                return false;
            }
            Request request = waiting == null ? inbox.next() : waiting;
            if (request == null) {
                return true;
            }
            waiting = null;
            if (state == State.GREETING) {
                greet(request);
            } else if (CommandRunner.reads(request.command()) && readsInFlight >= options.readsInFlightMax()) {
                waiting = request;
                return false;
            } else {
                begin(request);
            }
        }
    }

    private boolean mayBegin() {
        boolean serving = state == State.GREETING || state == State.OPEN;
        boolean held = waiting != null && readsInFlight >= options.readsInFlightMax();
        return serving
                && !held
                && !untaggedInFlight
                && sender == null
                && inFlight.size() < options.inFlightMax()
                && context.channel().isWritable();
    }

    private void greet(Request request) {
        if (request.tag() != null || !(request.command() instanceof Command.Hello hello) || hello.version() == null) {
            end(Answer.fatal("invalid handshake"), null);
        } else if (!PROTOCOL_VERSION.equals(hello.version())) {
            end(Answer.fatal("invalid protocol version"), null);
        } else {
            state = State.OPEN;
            outbox.write(Unpooled.wrappedBuffer(READY), 0);
        }
    }

    private void begin(Request request) {
        Command command = request.command();
        if (command instanceof Command.Refused refused) {
            answer(request, refused.answer());
            return;
        }
        if (command instanceof Command.Assume assume) {
            answer(request, runner.teller().told(command, principal, Answer.OK));
            principal = assume.principal();
            return;
        }
        if (command instanceof Command.Consistency consistency) {
            answer(request, consistency(consistency.mode()));
            return;
        }
        if (command instanceof Command.BlobSet set) {
            receive(request, set);
            return;
        }
        int valueBytes = command instanceof Command.Put put ? put.value().length : 0;
        long heldBytes = valueBytes > ByteBudget.FREE_BYTES ? valueBytes : 0;
        if (!budget.take(heldBytes)) {
            answer(request, Answer.of(Execution.busy()));
            return;
        }
        AtomicBoolean cancelled = new AtomicBoolean();
        long id = inFlight(request, heldBytes, cancelled);
        String asker = principal;
        runner.run(command, asker, freshness, cancelled::get)
                .thenAccept(answer -> completed(id, runner.teller().told(command, asker, answer)));
    }

    private Answer consistency(@Nullable ReadMode mode) {
        if (mode == null) {
            return Answer.ok("CONSISTENCY " + Freshness.text(freshness.mode()));
        }
        freshness.set(mode);
        return Answer.OK;
    }

    private long inFlight(Request request, long heldBytes, AtomicBoolean cancelled) {
        long id = nextId++;
        inFlight.put(id, new InFlight(request, System.nanoTime(), heldBytes, cancelled));
        untaggedInFlight |= request.tag() == null;
        readsInFlight += CommandRunner.reads(request.command()) ? 1 : 0;
        return id;
    }

    private void receive(Request request, Command.BlobSet command) {
        String writer = principal;
        boolean paid = budget.take(BlobReceiver.HELD_BYTES);
        receiver = new BlobReceiver(
                request,
                command.bytes(),
                () -> runner.open(command, writer, freshness),
                runner.transfers(),
                context.executor(),
                this::proceed,
                paid ? null : Answer.of(Execution.busy()));
        receiverHolds = paid ? BlobReceiver.HELD_BYTES : 0;
    }

    /** What came in stands no more before the next command. */
    private BlobReceiver received(BlobReceiver done) {
        receiver = null;
        budget.give(receiverHolds);
        receiverHolds = 0;
        return done;
    }

    private void commit(BlobReceiver value) {
        Answer refusal = value.refusal();
        if (refusal != null) {
            answer(value.request(), runner.teller().told(value.request().command(), principal, refusal));
            return;
        }
        long id = inFlight(value.request(), 0, new AtomicBoolean());
        String writer = principal;
        Command command = value.request().command();
        runner.commit(value::value)
                .thenAccept(answer -> completed(id, runner.teller().told(command, writer, answer)));
    }

    /** Called by whichever thread has the answer. */
    private void completed(long id, Answer answer) {
        completions.add(new Completion(id, answer));
        if (drainScheduled.compareAndSet(false, true)) {
            context.executor().execute(this::drain);
        }
    }

    private void drain() {
        drainScheduled.set(false);
        Completion completion;
        while (sender == null && (completion = completions.poll()) != null) {
            finish(completion.id, completion.answer);
        }
        proceed();
    }

    /** Answers a command, unless it was answered before or nobody is there to take it. */
    private void finish(long id, Answer answer) {
        InFlight command = inFlight.remove(id);
        if (command == null) {
            drop(answer);
            return;
        }
        budget.give(command.heldBytes);
        untaggedInFlight &= command.request.tag() != null;
        readsInFlight -= CommandRunner.reads(command.request.command()) ? 1 : 0;
        answer(command.request, answer);
    }

    private void drop(Answer answer) {
        budget.give(answer.heldBytes());
        KeySpace.Outgoing value = answer.blob();
        if (value != null) {
            value.close();
        }
    }

    private void send(Answer answer, KeySpace.Outgoing value, @Nullable String tag) {
        if (state == State.CLOSED) {
            drop(answer);
            return;
        }
        sender = new BlobSender(
                answer,
                value,
                tag,
                outbox,
                runner.transfers(),
                context.executor(),
                () -> {
                    sender = null;
                    context.executor().execute(this::drain);
                },
                context::close);
        sender.start();
    }

    private void answer(Request request, Answer answer) {
        KeySpace.Outgoing value = answer.blob();
        if (value != null) {
            send(answer, value, request.tag());
        } else if (answer.closes()) {
            end(answer, request.tag());
        } else {
            outbox.write(answer.encode(request.tag()), answer.heldBytes());
        }
    }

    private void end(Answer answer, @Nullable String tag) {
        if (state != State.CLOSING && state != State.CLOSED) {
            state = State.CLOSING;
            farewell = answer.encode(tag);
            proceed();
        }
    }

    /** Finds what takes too long. */
    private void watch() {
        if (outbox.blockedMs() >= options.writeTimeoutMs()) {
            OPS.info("a client of the socket took nothing for {} ms and is cut off", options.writeTimeoutMs());
            context.close();
            return;
        }
        long now = System.nanoTime();
        if (state == State.GREETING
                && now - openedNanos >= TimeUnit.MILLISECONDS.toNanos(options.handshakeTimeoutMs())) {
            end(Answer.fatal("invalid handshake"), null);
        }
        if (receiver != null && receiver.idleMs() >= options.writeTimeoutMs()) {
            end(Answer.fatal("timeout: the rest of the value did not come"), null);
        }
        for (long id : sender == null ? List.copyOf(inFlight.keySet()) : List.<Long>of()) {
            InFlight command = inFlight.get(id);
            if (sender == null
                    && command != null
                    && now - command.startNanos >= TimeUnit.MILLISECONDS.toNanos(limitMs(command.request.command()))) {
                command.cancelled.set(true);
                finish(id, overdue(command.request.command()));
            }
        }
        proceed();
    }

    /** How long a command may take; the more, the more bytes have to go to other nodes. */
    private long limitMs(Command command) {
        long bytes = command instanceof Command.BlobSet set ? set.bytes() : 0;
        return options.commandTimeoutMs() + BLOB_MS_PER_MIB * (bytes >> 20);
    }

    private Answer overdue(Command command) {
        boolean writes = command instanceof Command.Put
                || command instanceof Command.BlobSet
                || command instanceof Command.Delete
                || command instanceof Command.Acl;
        return Answer.of(
                writes
                        ? ErrorCode.OUTCOME_UNKNOWN.error("no answer within " + limitMs(command) + " ms")
                        : ErrorCode.TIMED_OUT.error(options.commandTimeoutMs()));
    }
}
