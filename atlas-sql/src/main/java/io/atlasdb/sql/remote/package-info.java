/**
 * Sessions as clients reach them: the conversation of the client protocol and Avatica's {@code Service}, both over
 * {@code Session} and both without a socket. Results are pulled from the session frame by frame and never held whole; an error
 * leaves as a code, an SQLSTATE and a message, never as a stack trace.
 */
@NullMarked
package io.atlasdb.sql.remote;

import org.jspecify.annotations.NullMarked;
