package io.atlasdb.jdbc;

import io.atlasdb.proto.ErrorCode;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * {@code jdbc:atlas://host[:port][,host[:port]…][/schema][?key=value[&key=value…]]}. A host may be an IPv6 address in brackets.
 * Values are percent-encoded. What stands in the URL goes before what is given beside it.
 *
 * @param hosts in the order in which they are tried, not resolved
 * @param properties by their proper key
 */
record ConnectionUrl(List<InetSocketAddress> hosts, Map<String, String> properties) {
    static final String PREFIX = "jdbc:atlas:";
    private static final int PORT = 8765;

    static ConnectionUrl parse(String url, Properties beside) throws SQLException {
        if (!url.startsWith(PREFIX + "//")) {
            throw invalid(url, "it must look like jdbc:atlas://host:port/schema?key=value");
        }
        Map<String, String> properties = new LinkedHashMap<>();
        for (String name : beside.stringPropertyNames()) {
            properties.put(ConnectionProperty.named(name).key(), beside.getProperty(name));
        }
        String rest = url.substring(PREFIX.length() + 2);
        int question = rest.indexOf('?');
        String query = question < 0 ? "" : rest.substring(question + 1);
        String place = question < 0 ? rest : rest.substring(0, question);
        int slash = place.indexOf('/');
        if (slash >= 0 && slash < place.length() - 1) {
            properties.put(ConnectionProperty.SCHEMA.key(), decode(url, place.substring(slash + 1)));
        }
        for (String pair : query.split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                if (equals < 0) {
                    throw invalid(url, "\"" + pair + "\" has no value");
                }
                String key = ConnectionProperty.named(decode(url, pair.substring(0, equals)))
                        .key();
                properties.put(key, decode(url, pair.substring(equals + 1)));
            }
        }
        List<InetSocketAddress> hosts = new ArrayList<>();
        for (String host : (slash < 0 ? place : place.substring(0, slash)).split(",", -1)) {
            hosts.add(host(url, host.trim()));
        }
        return new ConnectionUrl(List.copyOf(hosts), Map.copyOf(properties));
    }

    private static InetSocketAddress host(String url, String text) throws SQLException {
        int colon = text.endsWith("]") ? -1 : text.lastIndexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        if (name.startsWith("[") && name.endsWith("]")) {
            name = name.substring(1, name.length() - 1);
        }
        if (name.isEmpty()) {
            throw invalid(url, "a host is missing");
        }
        String port = colon < 0 ? String.valueOf(PORT) : text.substring(colon + 1);
        if (!port.matches("\\d{1,5}") || Integer.parseInt(port) > 65_535 || Integer.parseInt(port) == 0) {
            throw invalid(url, "\"" + port + "\" is not a port");
        }
        return InetSocketAddress.createUnresolved(name, Integer.parseInt(port));
    }

    private static String decode(String url, String text) throws SQLException {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw invalid(url, "\"" + text + "\" is not percent-encoded");
        }
    }

    /** The URL may carry a password, so that only its part before the question mark is shown. */
    private static SQLException invalid(String url, String why) {
        int question = url.indexOf('?');
        String shown = question < 0 ? url : url.substring(0, question);
        return Errors.of(ErrorCode.INVALID_PARAMETER, "the connection URL", "\"" + shown + "\"", why);
    }

    <T> T get(ConnectionProperty<T> property) throws SQLException {
        return property.of(properties);
    }
}
