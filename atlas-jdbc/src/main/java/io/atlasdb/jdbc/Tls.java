package io.atlasdb.jdbc;

import io.atlasdb.proto.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.sql.SQLException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** TLS 1.3 or 1.2 over a socket, with a server whose certificate is always checked. */
final class Tls {
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private final SSLContext context;
    private final boolean hostToo;

    private Tls(SSLContext context, boolean hostToo) {
        this.context = context;
        this.hostToo = hostToo;
    }

    /**
     * What the URL asks for; null for plain text.
     *
     * @throws SQLException {@code INVALID_PARAMETER} for files that cannot be used
     */
    static @Nullable Tls of(ConnectionUrl url) throws SQLException {
        String rootCert = url.get(ConnectionProperty.ROOT_CERT);
        String trustStore = url.get(ConnectionProperty.TRUST_STORE);
        String mode = url.get(ConnectionProperty.SSL_MODE);
        boolean named = !rootCert.isEmpty() || !trustStore.isEmpty();
        if (mode.equals("disable") || (mode.equals("auto") && !named)) {
            return null;
        }
        if (!rootCert.isEmpty() && !trustStore.isEmpty()) {
            throw Errors.of(
                    ErrorCode.INVALID_PARAMETER,
                    "the connection property trustStore",
                    "\"" + trustStore + "\"",
                    "give it or rootCert, not both");
        }
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, named ? trust(url, rootCert, trustStore) : null, null);
            return new Tls(context, !mode.equals("verify-ca"));
        } catch (GeneralSecurityException | IOException e) {
            String key = rootCert.isEmpty() ? "trustStore" : "rootCert";
            throw Errors.of(
                    e,
                    ErrorCode.INVALID_PARAMETER,
                    "the connection property " + key,
                    "\"" + rootCert + trustStore + "\"",
                    "it cannot be used: " + e.getMessage());
        }
    }

    private static TrustManager[] trust(ConnectionUrl url, String rootCert, String trustStore)
            throws GeneralSecurityException, IOException, SQLException {
        KeyStore store;
        if (!trustStore.isEmpty()) {
            String password = url.get(ConnectionProperty.TRUST_STORE_PASSWORD);
            store = KeyStore.getInstance(Path.of(trustStore).toFile(), password.toCharArray());
        } else {
            store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            try (InputStream in = Files.newInputStream(Path.of(rootCert))) {
                int number = 0;
                for (Certificate certificate :
                        CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                    store.setCertificateEntry("authority-" + ++number, certificate);
                }
                if (number == 0) {
                    throw new IOException("there is no certificate in it");
                }
            }
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    /**
     * Makes a socket that has just connected secure; closes it when that fails.
     *
     * @param timeoutMs for each answer of the handshake; 0 = no limit
     */
    Socket secure(Socket plain, InetSocketAddress host, int timeoutMs) throws IOException {
        try {
            plain.setSoTimeout(timeoutMs);
            SSLSocket socket = (SSLSocket)
                    context.getSocketFactory().createSocket(plain, host.getHostString(), host.getPort(), true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setProtocols(PROTOCOLS);
            if (hostToo) {
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
            }
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket;
        } catch (SSLException e) {
            Sockets.close(plain);
            boolean alert = String.valueOf(e.getMessage()).contains("protocol_version");
            throw new IOException(alert ? "does not speak TLS; leave sslMode out" : "TLS failed: " + e.getMessage(), e);
        } catch (IOException e) {
            Sockets.close(plain);
            throw e;
        }
    }
}
