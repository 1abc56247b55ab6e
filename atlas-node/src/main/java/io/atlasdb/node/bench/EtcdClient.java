package io.atlasdb.node.bench;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * A connection to etcd by its own protocol, gRPC. The three messages are written by hand, as etcd's rpc.proto (3.4) lays them
 * out: {@code PutRequest{1: key, 2: value}}, {@code RangeRequest{1: key, 7: serializable}}, {@code RangeResponse{2: kvs}}.
 */
final class EtcdClient implements KvPeer.Connection {
    private static final long TIMEOUT_SECONDS = 60;
    private static final int KEY = (1 << 3) | 2;
    private static final int VALUE = (2 << 3) | 2;
    private static final int SERIALIZABLE = 7 << 3;
    private static final int MEMBER = 2;
    private static final int LEADER = 4;

    private static final MethodDescriptor<byte[], byte[]> PUT = method("etcdserverpb.KV/Put");
    private static final MethodDescriptor<byte[], byte[]> RANGE = method("etcdserverpb.KV/Range");
    private static final MethodDescriptor<byte[], byte[]> STATUS = method("etcdserverpb.Maintenance/Status");

    private final ManagedChannel channel;

    EtcdClient(int port) {
        channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    }

    @Override
    public void put(String key, String value) throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream(192);
        field(request, KEY, key);
        field(request, VALUE, value);
        call(PUT, request);
    }

    @Override
    public void get(String key, boolean local) throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream(32);
        field(request, KEY, key);
        if (local) {
            request.write(SERIALIZABLE);
            request.write(1);
        }
        // The header takes less than 64 bytes; a found value has 128.
        if (call(RANGE, request).length < 128) {
            throw new IOException("etcd has no key " + key);
        }
    }

    /** Whether the member behind this connection leads. */
    boolean leads() throws IOException {
        byte[] status = call(STATUS, new ByteArrayOutputStream());
        Fields all = new Fields(status, 0, status.length);
        return all.number(LEADER) != 0 && all.number(LEADER) == all.message(1).number(MEMBER);
    }

    private byte[] call(MethodDescriptor<byte[], byte[]> method, ByteArrayOutputStream request) throws IOException {
        try {
            CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            return ClientCalls.blockingUnaryCall(channel, method, options, request.toByteArray());
        } catch (StatusRuntimeException e) {
            throw new IOException("etcd: " + e.getStatus(), e);
        }
    }

    /** A text of fewer than 16,384 bytes with its length as a varint. */
    private static void field(ByteArrayOutputStream out, int tag, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        out.write(tag);
        if (bytes.length >= 128) {
            out.write((bytes.length & 0x7F) | 0x80);
            out.write(bytes.length >> 7);
        } else {
            out.write(bytes.length);
        }
        out.writeBytes(bytes);
    }

    private static MethodDescriptor<byte[], byte[]> method(String name) {
        return MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(name)
                .setRequestMarshaller(new Plain())
                .setResponseMarshaller(new Plain())
                .build();
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    /** Bytes as they are. */
    private static final class Plain implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The fields of a message, of those wire types that etcd's status uses: varint and length-delimited. */
    private static final class Fields {
        private final byte[] bytes;
        private final int from;
        private final int to;
        private int at;

        Fields(byte[] bytes, int from, int to) {
            this.bytes = bytes;
            this.from = from;
            this.to = to;
        }

        long number(int field) {
            at = from;
            while (at < to) {
                long tag = varint();
                long value = varint();
                if (tag == (long) field << 3) {
                    return value;
                }
                if ((tag & 7) == 2) {
                    at += (int) value;
                }
            }
            return 0;
        }

        Fields message(int field) {
            at = from;
            while (at < to) {
                long tag = varint();
                long value = varint();
                if (tag == (((long) field << 3) | 2)) {
                    return new Fields(bytes, at, at + (int) value);
                }
                if ((tag & 7) == 2) {
                    at += (int) value;
                }
            }
            return new Fields(bytes, 0, 0);
        }

        private long varint() {
            long value = 0;
            for (int shift = 0; ; shift += 7) {
                byte next = bytes[at++];
                value |= (next & 0x7FL) << shift;
                if (next >= 0) {
                    return value;
                }
            }
        }
    }
}
