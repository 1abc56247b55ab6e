package io.atlasdb.node.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** User and password of an {@code Authorization: Basic} header (RFC 7617), in UTF-8. */
final class BasicHeader {
    private static final String SCHEME = "basic ";

    private final String user;
    private final String password;

    private BasicHeader(String user, String password) {
        this.user = user;
        this.password = password;
    }

    /** Reads a header; null when it is of another scheme or malformed. */
    static @Nullable BasicHeader parse(String header) {
        if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return null;
        }
        String pair;
        try {
            pair = new String(
                    Base64.getDecoder().decode(header.substring(SCHEME.length()).trim()), UTF_8);
        } catch (IllegalArgumentException e) {
            return null;
        }
        int colon = pair.indexOf(':');
        return colon < 0 ? null : new BasicHeader(pair.substring(0, colon), pair.substring(colon + 1));
    }

    String user() {
        return user;
    }

    String password() {
        return password;
    }
}
