package io.atlasdb.node.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * One of the 22 queries of TPC-H (specification 3.0.1, §2.4) with its validation parameters, in SQL that Atlas, H2 and
 * PostgreSQL read alike.
 *
 * @param number 1 to 22
 * @param sql one SELECT without a semicolon
 */
record TpchQuery(int number, String sql) {
    private static final int COUNT = 22;

    /** All queries by number. */
    static List<TpchQuery> all() {
        return IntStream.rangeClosed(1, COUNT).mapToObj(TpchQuery::read).toList();
    }

    /** {@code Q07}. */
    String name() {
        return String.format(Locale.ROOT, "Q%02d", number);
    }

    private static TpchQuery read(int number) {
        String resource = String.format(Locale.ROOT, "tpch/q%02d.sql", number);
        try (InputStream in = TpchQuery.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the resource " + resource + " is missing");
            }
            return new TpchQuery(number, new String(in.readAllBytes(), StandardCharsets.UTF_8).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
