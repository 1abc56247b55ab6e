package io.atlasdb.sql.remote;

import io.atlasdb.sql.session.Session;
import java.util.Map;

/** Opens sessions for clients. */
@FunctionalInterface
public interface SessionFactory {
    /**
     * Opens a session in autocommit.
     *
     * @param properties what the client said: user, password, schema, applicationName, and more
     * @throws io.atlasdb.proto.AtlasException {@code LOGIN} and the like
     */
    Session open(Map<String, String> properties);
}
