package io.atlasdb.jdbc;

import io.atlasdb.proto.ErrorCode;
import java.sql.SQLException;
import java.sql.Savepoint;
import org.jspecify.annotations.Nullable;

/**
 * A savepoint.
 *
 * @param id never used twice on its connection
 * @param name null when the user gave none
 */
record AtlasSavepoint(int id, @Nullable String name) implements Savepoint {
    static AtlasSavepoint of(Savepoint savepoint) throws SQLException {
        if (savepoint instanceof AtlasSavepoint own) {
            return own;
        }
        throw Errors.of(ErrorCode.NO_SAVEPOINT, savepoint);
    }

    /** The name as SQL takes it, quoted. */
    String sqlName() {
        String present = name == null ? "ATLAS_SAVEPOINT_" + id : name;
        return "\"" + present.replace("\"", "\"\"") + "\"";
    }

    @Override
    public int getSavepointId() throws SQLException {
        if (name != null) {
            throw Errors.of(ErrorCode.DATA, "the savepoint has a name and no id");
        }
        return id;
    }

    @Override
    public String getSavepointName() throws SQLException {
        if (name == null) {
            throw Errors.of(ErrorCode.DATA, "the savepoint has an id and no name");
        }
        return name;
    }
}
