package io.atlasdb.node.client;

import com.google.protobuf.InvalidProtocolBufferException;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.proto.client.Request;
import io.atlasdb.proto.client.Response;
import io.atlasdb.sql.remote.AvaticaService;
import io.atlasdb.sql.remote.Conversations;
import io.atlasdb.sql.remote.Login;
import io.atlasdb.sql.remote.Peer;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A connection that speaks HTTP/1.1: {@code GET /livez /readyz /status /metrics}, {@code POST /atlas} with a message of the
 * client protocol, and any other POST with a message of Avatica. Sessions do not belong to it.
 */
final class HttpLane extends Lane {
    private static final String PROTOBUF = "application/x-protobuf";
    private static final String TEXT = "text/plain; charset=utf-8";
    /** How long a connection is kept between two requests; its sessions live on without it. */
    private static final long IDLE_MINUTES_MAX = 10;

    private final ClientPort.Parts parts;
    private boolean used;
    private long usedNanos;

    HttpLane(ClientPort.Parts parts) {
        super(parts.budget());
        this.parts = parts;
    }

    @Override
    void start(ChannelHandlerContext context, Object message) {
        if (message instanceof Bodies.Oversize oversize) {
            parts.refused().increment();
            AvaticaMessages.Answer answer = parts.avatica().tooLarge(oversize.json());
            end(context, true, response(413, type(oversize.json()), answer.body()));
            return;
        }
        FullHttpRequest request = (FullHttpRequest) message;
        try {
            if (request.decoderResult().cause() instanceof Bodies.Crowded) {
                parts.refused().increment();
                boolean json =
                        request.headers().get(HttpHeaderNames.CONTENT_TYPE, "").contains("json");
                AvaticaMessages.Answer answer = parts.avatica().failed(crowded(), json);
                end(context, true, response(503, type(json), answer.body()));
                return;
            }
            if (request.decoderResult().isFailure()) {
                parts.garbage().increment();
                end(context, false, response(400, TEXT, bytes("bad request\n")));
                return;
            }
            boolean keepAlive = HttpUtil.isKeepAlive(request);
            String path = new QueryStringDecoder(request.uri()).path();
            String authorization = request.headers().get(HttpHeaderNames.AUTHORIZATION, "");
            if (request.method().equals(HttpMethod.POST)) {
                byte[] body = ByteBufUtil.getBytes(request.content());
                post(context, keepAlive, path, authorization, body);
            } else if (request.method().equals(HttpMethod.GET) && path.endsWith("z")) {
                end(context, keepAlive, get(path));
            } else if (request.method().equals(HttpMethod.GET)) {
                Supplier<FullHttpResponse> answer = () -> guarded(context, path, authorization);
                if (authorization.isEmpty()) {
                    end(context, keepAlive, answer.get());
                } else {
                    aside(context, keepAlive, false, answer);
                }
            } else {
                end(context, keepAlive, response(405, TEXT, bytes("GET and POST only\n")));
            }
        } finally {
            request.release();
        }
    }

    static AtlasException crowded() {
        return ErrorCode.BUSY.error("no memory is left for requests");
    }

    private void post(
            ChannelHandlerContext context, boolean keepAlive, String path, String authorization, byte[] body) {
        if (path.equals("/atlas")) {
            atlas(context, keepAlive, body);
            return;
        }
        boolean json = body.length > 0 && body[0] == '{';
        Peer peer = peer(context);
        work(context, keepAlive, json, () -> {
            Login login;
            try {
                login = login(authorization, peer);
            } catch (AtlasException e) {
                return asking(response(
                        401, type(json), parts.avatica().failed(e, json).body()));
            }
            AvaticaMessages.Answer answer = parts.avatica().answer(body, json, new AvaticaService.Caller(peer, login));
            FullHttpResponse response = response(answer.status(), type(json), answer.body());
            return answer.status() == 401 ? asking(response) : response;
        });
    }

    /** Whom a header proves; null when there is none. Fails with {@code LOGIN}. Takes some time, so on a worker. */
    private @Nullable Login login(String authorization, Peer peer) {
        if (authorization.isEmpty()) {
            return null;
        }
        BasicHeader basic = BasicHeader.parse(authorization);
        if (basic == null) {
            throw ErrorCode.LOGIN.error("of HTTP's schemes only Basic is known");
        }
        return parts.logins().password(basic.user(), basic.password(), peer);
    }

    /** What tells of the node's work is for those who may come in. */
    private FullHttpResponse guarded(ChannelHandlerContext context, String path, String authorization) {
        try {
            Peer peer = peer(context);
            if (login(authorization, peer) == null) {
                parts.logins().nobody(peer);
            }
            return get(path);
        } catch (AtlasException e) {
            return asking(response(401, TEXT, bytes(e.getMessage() + "\n")));
        }
    }

    private static FullHttpResponse asking(FullHttpResponse response) {
        response.headers().set(HttpHeaderNames.WWW_AUTHENTICATE, "Basic realm=\"atlas\", charset=\"UTF-8\"");
        return response;
    }

    private void atlas(ChannelHandlerContext context, boolean keepAlive, byte[] body) {
        Request request;
        try {
            request = Request.parseFrom(body);
        } catch (InvalidProtocolBufferException e) {
            end(context, keepAlive, response(400, TEXT, bytes("not a message of the client protocol\n")));
            return;
        }
        if (request.hasCancel()) {
            Runnable cancel = () -> {
                FullHttpResponse answer = response(
                        200, PROTOBUF, parts.conversations().cancel(request).toByteArray());
                onLoop(context, () -> end(context, keepAlive, answer), answer);
            };
            if (!parts.workers().cancel(cancel)) {
                Response busy = Conversations.failed(request, ErrorCode.BUSY.error("too many requests wait"));
                end(context, keepAlive, response(200, PROTOBUF, busy.toByteArray()));
            }
            return;
        }
        Peer peer = peer(context);
        work(context, keepAlive, false, () -> {
            Response answer = request.hasOpen()
                    ? parts.conversations().open(request, peer, true).response()
                    : request.hasLogin()
                            ? parts.conversations().login(request).response()
                            : parts.conversations().handle(request);
            return response(200, PROTOBUF, answer.toByteArray());
        });
    }

    private void work(ChannelHandlerContext context, boolean keepAlive, boolean json, Supplier<FullHttpResponse> task) {
        aside(context, keepAlive, json, () -> {
            long begin = System.nanoTime();
            FullHttpResponse answer = task.get();
            parts.requests().record(System.nanoTime() - begin);
            return answer;
        });
    }

    private void aside(
            ChannelHandlerContext context, boolean keepAlive, boolean json, Supplier<FullHttpResponse> task) {
        boolean taken = parts.workers().request(() -> {
            FullHttpResponse answer = task.get();
            onLoop(context, () -> end(context, keepAlive, answer), answer);
        });
        if (!taken) {
            parts.refused().increment();
            end(context, keepAlive, response(503, type(json), bytes("too many requests wait\n")));
        }
    }

    private FullHttpResponse get(String path) {
        return switch (path) {
            case "/livez" -> response(200, TEXT, bytes("ok\n"));
            case "/readyz" ->
                parts.health().ready()
                        ? response(200, TEXT, bytes("ready\n"))
                        : response(503, TEXT, bytes("not ready\n"));
            case "/status" ->
                response(200, "application/json", bytes(parts.health().status()));
            case "/metrics" ->
                response(
                        200,
                        "text/plain; version=0.0.4; charset=utf-8",
                        bytes(parts.metrics().prometheus()));
            default ->
                response(404, TEXT, bytes("there is no " + path + "; try /status, /metrics, /livez or /readyz\n"));
        };
    }

    /** On the event loop. */
    private void end(ChannelHandlerContext context, boolean keepAlive, FullHttpResponse response) {
        used = true;
        usedNanos = System.nanoTime();
        if (keepAlive) {
            done(context, response);
        } else {
            giveBack();
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
        }
    }

    private static FullHttpResponse response(int status, String type, byte[] body) {
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), Unpooled.wrappedBuffer(body));
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, type).setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
        return response;
    }

    private static String type(boolean json) {
        return json ? "application/json" : PROTOBUF;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Whether a request was answered here. */
    boolean used() {
        return used;
    }

    /** Whether the connection has been without a request for so long that it is closed. */
    boolean silent() {
        return used && System.nanoTime() - usedNanos > TimeUnit.MINUTES.toNanos(IDLE_MINUTES_MAX);
    }

    @Override
    void left() {
        // Sessions over HTTP outlive their connections.
    }
}
