package io.atlasdb.sql.remote;

import io.atlasdb.proto.client.Executed;
import io.atlasdb.sql.catalog.Catalog;
import org.jspecify.annotations.Nullable;

/** Metadata questions of the client protocol. Their answers are as large as the catalog and go out in one frame. */
final class MetadataRequests {
    private MetadataRequests() {}

    static Executed answer(io.atlasdb.proto.client.Metadata request, Catalog catalog) {
        Metadata metadata = new Metadata(catalog);
        @Nullable String schema = request.hasSchema() ? request.getSchema() : null;
        @Nullable String table = request.hasTable() ? request.getTable() : null;
        Metadata.Answer answer = switch (request.getKind()) {
            case SCHEMAS -> metadata.schemas(schema);
            case TABLES -> metadata.tables(schema, table, request.getTypesList());
            case TABLE_TYPES -> metadata.tableTypes();
            case COLUMNS -> metadata.columns(schema, table, request.hasColumn() ? request.getColumn() : null);
            case PRIMARY_KEYS -> metadata.primaryKeys(schema, request.getTable());
            case INDEX_INFO -> metadata.indexInfo(schema, request.getTable(), request.getUnique());
            case BEST_ROW_IDENTIFIER -> metadata.bestRowIdentifier(schema, request.getTable());
            case TYPE_INFO, UNRECOGNIZED -> Metadata.typeInfo();
        };
        Executed.Builder executed = Executed.newBuilder()
                .setUpdateCount(-1)
                .setColumnsSent(true)
                .addAllColumns(WireValues.columns(answer.columns()));
        io.atlasdb.proto.client.Frame.Builder frame =
                io.atlasdb.proto.client.Frame.newBuilder().setLast(true);
        answer.rows().forEach(row -> frame.addRows(WireValues.row(answer.columns(), row)));
        return executed.setFrame(frame).build();
    }
}
