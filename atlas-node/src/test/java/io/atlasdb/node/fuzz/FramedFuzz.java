package io.atlasdb.node.fuzz;

import io.atlasdb.proto.client.Open;
import io.atlasdb.proto.client.Request;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Sends random frames of the driver's protocol; a connection that the server ends is followed by another. */
final class FramedFuzz {
    private static final int LIMIT_MS = 60_000;
    private static final int ANSWER_BYTES_MAX = 64 << 20;

    private final int port;

    FramedFuzz(int port) {
        this.port = port;
    }

    /** Sends so many frames, each after the answer to the one before; returns how many were answered. */
    long run(long seed, int frames) throws IOException {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        HttpBodies source = new HttpBodies(random);
        long answered = 0;
        int left = frames;
        while (left > 0) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port), LIMIT_MS);
                socket.setSoTimeout(LIMIT_MS);
                socket.setTcpNoDelay(true);
                DataOutputStream out =
                        new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), 1 << 16));
                DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
                if (random.nextInt(10) != 0) {
                    send(out, opening());
                    answer(in);
                }
                while (left > 0) {
                    left--;
                    byte[] body = source.framed();
                    send(out, body);
                    if (isSilent(body)) {
                        continue;
                    }
                    answer(in);
                    answered++;
                }
            } catch (EOFException | SocketException ended) {
                // What it sent is no message of the protocol.
                left--;
            }
        }
        return answered;
    }

    /** Whether the server may say nothing to it. */
    private static boolean isSilent(byte[] body) {
        try {
            return Request.parseFrom(body).getSilent();
        } catch (IOException e) {
            return false;
        }
    }

    private static byte[] opening() {
        return Request.newBuilder()
                .setNumber(1)
                .setOpen(Open.newBuilder().setMagic(0x41544C53).setVersion(1))
                .build()
                .toByteArray();
    }

    private static void send(DataOutputStream out, byte[] body) throws IOException {
        out.writeInt(body.length);
        out.write(body);
        out.flush();
    }

    private static void answer(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > ANSWER_BYTES_MAX) {
            throw new AssertionError("an answer of " + length + " bytes");
        }
        byte[] body = in.readNBytes(length);
        Answers.check(body, body.length);
    }
}
