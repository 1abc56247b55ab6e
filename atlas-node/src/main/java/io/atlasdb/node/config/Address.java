package io.atlasdb.node.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * A host and a port.
 *
 * @param host a name or an address; IPv6 without brackets
 * @param port 0 to 65535
 */
public record Address(String host, int port) {
    /** Reads {@code host:port} or {@code [v6]:port}; null when it is neither. */
    public static @Nullable Address parse(String text) {
        int colon = text.lastIndexOf(':');
        boolean bracketed = colon > 1 && text.startsWith("[") && text.charAt(colon - 1) == ']';
        if (colon < 1 || (text.indexOf(':') != colon && !bracketed)) {
            return null;
        }
        String host = bracketed ? text.substring(1, colon - 1) : text.substring(0, colon);
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            return port < 0 || port > 65535 || host.isBlank() ? null : new Address(host, port);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** Whether only programs of this machine reach it. A name that is not known counts as reachable from elsewhere. */
    public boolean isLoopback() {
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                if (!address.isLoopbackAddress()) {
                    return false;
                }
            }
            return true;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
    }
}
