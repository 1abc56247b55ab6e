package io.atlasdb.sql.session;

import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.tx.Isolation;
import java.sql.Connection;

/** Isolation levels by the numbers that JDBC has for them. */
final class IsolationLevels {
    private IsolationLevels() {}

    static int number(Isolation isolation) {
        return switch (isolation) {
            case READ_COMMITTED -> Connection.TRANSACTION_READ_COMMITTED;
            case REPEATABLE_READ -> Connection.TRANSACTION_REPEATABLE_READ;
            case SERIALIZABLE -> Connection.TRANSACTION_SERIALIZABLE;
        };
    }

    /** The level that is no weaker; throws {@code INVALID_PARAMETER}. */
    static Isolation of(int number) {
        return switch (number) {
            case Connection.TRANSACTION_READ_UNCOMMITTED, Connection.TRANSACTION_READ_COMMITTED ->
                Isolation.READ_COMMITTED;
            case Connection.TRANSACTION_REPEATABLE_READ -> Isolation.REPEATABLE_READ;
            case Connection.TRANSACTION_SERIALIZABLE -> Isolation.SERIALIZABLE;
            default -> throw ErrorCode.INVALID_PARAMETER.error("isolation", number, "no such level");
        };
    }
}
