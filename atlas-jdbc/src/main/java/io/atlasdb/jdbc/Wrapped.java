package io.atlasdb.jdbc;

import io.atlasdb.proto.ErrorCode;
import java.sql.SQLException;
import java.sql.Wrapper;

/** What every class of the driver says of being unwrapped: it is what it is. */
abstract class Wrapped implements Wrapper {
    @Override
    public final <T> T unwrap(Class<T> type) throws SQLException {
        if (!type.isInstance(this)) {
            throw Errors.of(ErrorCode.INVALID_CAST, getClass().getSimpleName(), type.getName());
        }
        return type.cast(this);
    }

    @Override
    public final boolean isWrapperFor(Class<?> type) {
        return type.isInstance(this);
    }
}
