/**
 * Who comes in by the client port, and the record of who did what: log-ins by SCRAM and by passwords, limits on those that fail,
 * the audit log. Invariant: the text of a password, a value or a literal is neither kept nor logged here, and a user who does not
 * exist is answered as one who does.
 */
@NullMarked
package io.atlasdb.node.security;

import org.jspecify.annotations.NullMarked;
