package io.atlasdb.node.transport;

import io.atlasdb.proto.peer.PeerGrpc;
import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerTransportFilter;
import io.grpc.Status;
import javax.net.ssl.SSLSession;

/** Lets nothing but the greeting through before a connection is proven, and tells the service whose call it is. */
final class Door extends ServerTransportFilter implements ServerInterceptor {
    private static final Attributes.Key<Connection> ATTRIBUTE = Attributes.Key.create("atlas-connection");
    /** The connection of the call that is served. */
    static final Context.Key<Connection> CONNECTION = Context.key("atlas-connection");
    /** Its TLS session; null on plain text. */
    static final Context.Key<SSLSession> SESSION = Context.key("atlas-tls-session");

    private final Shared shared;

    Door(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Attributes transportReady(Attributes attributes) {
        String remote = String.valueOf(attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
        return attributes.toBuilder()
                .set(ATTRIBUTE, new Connection(shared, remote))
                .build();
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Connection connection = call.getAttributes().get(ATTRIBUTE);
        if (connection == null || !mayCall(connection, call.getMethodDescriptor())) {
            call.close(
                    Status.UNAUTHENTICATED.withDescription("this connection has not proven that it may do this"),
                    new Metadata());
            return new ServerCall.Listener<>() {};
        }
        Context context = Context.current()
                .withValues(
                        CONNECTION, connection, SESSION, call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION));
        return Contexts.interceptCall(context, call, headers, next);
    }

    private static boolean mayCall(Connection connection, MethodDescriptor<?, ?> method) {
        if (method == PeerGrpc.getGreetMethod() || method == PeerGrpc.getProveMethod()) {
            return true;
        }
        return connection.isProven()
                && (connection.node() != 0
                        || method == PeerGrpc.getCallMethod()
                        || method == PeerGrpc.getEnrollMethod());
    }
}
