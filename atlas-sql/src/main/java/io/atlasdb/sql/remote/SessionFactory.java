package io.atlasdb.sql.remote;

import io.atlasdb.sql.session.Session;
import java.util.Map;

/** Opens sessions for clients. */
@FunctionalInterface
public interface SessionFactory {
    /**
     * Opens a session in autocommit.
     *
     * @param login who came in
     * @param properties what the client said: schema, applicationName, and more; a user in it proves nothing
     * @throws io.atlasdb.proto.AtlasException {@code NO_SUCH_SCHEMA} and the like
     */
    Session open(Login login, Map<String, String> properties);
}
