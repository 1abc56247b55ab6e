package io.atlasdb.proto.scram;

/** A message of the exchange is not one, or the other side does not know the password. Its message holds nothing secret. */
public final class ScramException extends Exception {
    private static final long serialVersionUID = 1L;

    ScramException(String message) {
        super(message);
    }
}
