package io.atlasdb.jdbc;

import io.atlasdb.proto.ErrorCode;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A property of a connection: its key, default, and how its text becomes a value. All of them stand here; a key that is not
 * here is an error that names the nearest one.
 *
 * @param <T> the class of the value
 */
final class ConnectionProperty<T> {
    static final ConnectionProperty<String> USER = text("user", "", "Who connects.");
    static final ConnectionProperty<String> PASSWORD = text("password", "", "The password of the user.");
    static final ConnectionProperty<String> SCHEMA =
            text("schema", "", "The schema that names are looked up in first.");
    static final ConnectionProperty<String> APPLICATION_NAME =
            text("applicationName", "", "What the server shows this connection as.");
    static final ConnectionProperty<String> CONSISTENCY = text(
            "consistency", "", "How fresh reads are: strong (the default), session, or stale with a bound: stale 5s.");
    static final ConnectionProperty<Integer> CONNECT_TIMEOUT =
            number("connectTimeout", 10_000, "Milliseconds to reach one host; 0 = no limit.");
    static final ConnectionProperty<Integer> LOGIN_TIMEOUT =
            number("loginTimeout", 30_000, "Milliseconds to open a connection, over all hosts; 0 = no limit.");
    static final ConnectionProperty<Integer> SOCKET_TIMEOUT = number(
            "socketTimeout", 0, "Milliseconds to wait for an answer before the connection is given up; 0 = no limit.");
    static final ConnectionProperty<Integer> FETCH_SIZE =
            number("fetchSize", 1_000, "Rows that are fetched at a time; 0 = as the server likes.");
    static final ConnectionProperty<String> TRANSPORT =
            choice("transport", "framed", "How messages travel.", List.of("framed", "http"));
    static final ConnectionProperty<String> SSL_MODE = choice(
            "sslMode",
            "auto",
            "TLS: disable, verify-ca, verify-full (the host's name too), or auto: verify-full with a rootCert or trustStore,"
                    + " else disable.",
            List.of("auto", "disable", "verify-ca", "verify-full"));
    static final ConnectionProperty<String> ROOT_CERT =
            text("rootCert", "", "A PEM file with the authorities to trust.");
    static final ConnectionProperty<String> TRUST_STORE =
            text("trustStore", "", "A key store with them instead, PKCS #12 or JKS.");
    static final ConnectionProperty<String> TRUST_STORE_PASSWORD =
            text("trustStorePassword", "", "The password of the trust store.");

    static final List<ConnectionProperty<?>> ALL = List.of(
            USER,
            PASSWORD,
            SCHEMA,
            APPLICATION_NAME,
            CONSISTENCY,
            CONNECT_TIMEOUT,
            LOGIN_TIMEOUT,
            SOCKET_TIMEOUT,
            FETCH_SIZE,
            TRANSPORT,
            SSL_MODE,
            ROOT_CERT,
            TRUST_STORE,
            TRUST_STORE_PASSWORD);

    private final String key;
    private final T defaultValue;
    private final Converter<T> converter;
    private final List<String> allowed;
    private final String help;

    private interface Converter<T> {
        /** The value, or null when the text is none. */
        @Nullable
        T convert(String text);
    }

    private ConnectionProperty(String key, T defaultValue, Converter<T> converter, List<String> allowed, String help) {
        this.key = key;
        this.defaultValue = defaultValue;
        this.converter = converter;
        this.allowed = allowed;
        this.help = help;
    }

    private static ConnectionProperty<String> text(String key, String defaultValue, String help) {
        return new ConnectionProperty<>(key, defaultValue, text -> text, List.of(), help);
    }

    private static ConnectionProperty<String> choice(
            String key, String defaultValue, String help, List<String> allowed) {
        return new ConnectionProperty<>(
                key,
                defaultValue,
                text -> allowed.contains(text.toLowerCase(Locale.ROOT)) ? text.toLowerCase(Locale.ROOT) : null,
                allowed,
                help);
    }

    private static ConnectionProperty<Integer> number(String key, int defaultValue, String help) {
        return new ConnectionProperty<>(
                key, defaultValue, text -> text.matches("\\d{1,9}") ? Integer.valueOf(text) : null, List.of(), help);
    }

    String key() {
        return key;
    }

    String defaultText() {
        return String.valueOf(defaultValue);
    }

    /** The values that may be given; empty = not a closed list. */
    List<String> allowed() {
        return allowed;
    }

    String help() {
        return help;
    }

    /** The value that {@code given} has for this property. */
    T of(Map<String, String> given) throws SQLException {
        String text = given.get(key);
        if (text == null) {
            return defaultValue;
        }
        T value = converter.convert(text.trim());
        if (value == null) {
            String hint = allowed.isEmpty() ? "a whole number is needed" : "allowed are " + String.join(", ", allowed);
            throw Errors.of(ErrorCode.INVALID_PARAMETER, "the connection property " + key, "\"" + text + "\"", hint);
        }
        return value;
    }

    /** The property of that name, whatever its case; an error that names the nearest one when there is none. */
    static ConnectionProperty<?> named(String name) throws SQLException {
        TreeMap<Integer, String> near = new TreeMap<>();
        for (ConnectionProperty<?> property : ALL) {
            if (property.key.equalsIgnoreCase(name)) {
                return property;
            }
            near.putIfAbsent(
                    distance(property.key.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT)), property.key);
        }
        throw Errors.of(
                ErrorCode.INVALID_PARAMETER,
                "the connection property",
                "\"" + name + "\"",
                "there is none of that name; the nearest is \""
                        + near.firstEntry().getValue() + "\"");
    }

    /** Levenshtein's distance. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
