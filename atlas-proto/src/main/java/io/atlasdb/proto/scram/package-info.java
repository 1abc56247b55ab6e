/**
 * SCRAM-SHA-256 (RFC 5802, RFC 7677) for both ends: proof of a password without sending it, in both directions, and the form in
 * which a password is kept. Invariant: nothing here keeps or shows the text of a password.
 */
@NullMarked
package io.atlasdb.proto.scram;

import org.jspecify.annotations.NullMarked;
