package io.atlasdb.sql.remote;

import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import java.util.List;
import org.apache.calcite.avatica.AvaticaSeverity;
import org.apache.calcite.avatica.remote.Service;

/** Hands each message of Avatica to the method that answers it; an error becomes an {@code ErrorResponse} without a trace. */
public final class AvaticaDispatcher {
    private final AvaticaService services;
    private final FaultLog log;

    /** A dispatcher to {@code service}; faults of the program go to {@code log}. */
    public AvaticaDispatcher(AvaticaService service, FaultLog log) {
        this.services = service;
        this.log = log;
    }

    /** Whether a request brings a password of its own, not in the header. */
    public static boolean offersPassword(Service.Request request) {
        return AvaticaService.offersPassword(request);
    }

    /** Answers; nothing is thrown. */
    public Service.Response dispatch(Service.Request request, AvaticaService.Caller caller) {
        try {
            AvaticaService service = services.as(caller);
            return isMetadata(request) ? metadata(service, request) : statement(service, request);
        } catch (Throwable thrown) {
            return failure(Faults.visible(thrown, log));
        }
    }

    private static boolean isMetadata(Service.Request request) {
        return request instanceof Service.CatalogsRequest
                || request instanceof Service.SchemasRequest
                || request instanceof Service.TablesRequest
                || request instanceof Service.TableTypesRequest
                || request instanceof Service.TypeInfoRequest
                || request instanceof Service.ColumnsRequest
                || request instanceof Service.DatabasePropertyRequest;
    }

    private static Service.Response metadata(Service service, Service.Request request) {
        if (request instanceof Service.CatalogsRequest r) {
            return service.apply(r);
        } else if (request instanceof Service.SchemasRequest r) {
            return service.apply(r);
        } else if (request instanceof Service.TablesRequest r) {
            return service.apply(r);
        } else if (request instanceof Service.TableTypesRequest r) {
            return service.apply(r);
        } else if (request instanceof Service.TypeInfoRequest r) {
            return service.apply(r);
        } else if (request instanceof Service.ColumnsRequest r) {
            return service.apply(r);
        }
        return service.apply((Service.DatabasePropertyRequest) request);
    }

    private static Service.Response statement(Service service, Service.Request request) {
        if (request instanceof Service.PrepareRequest r) {
            return service.apply(r);
        } else if (request instanceof Service.ExecuteRequest r) {
            return service.apply(r);
        } else if (request instanceof Service.PrepareAndExecuteRequest r) {
            return service.apply(r);
        } else if (request instanceof Service.SyncResultsRequest r) {
            return service.apply(r);
        } else if (request instanceof Service.FetchRequest r) {
            return service.apply(r);
        } else if (request instanceof Service.CreateStatementRequest r) {
            return service.apply(r);
        } else if (request instanceof Service.CloseStatementRequest r) {
            return service.apply(r);
        } else if (request instanceof Service.PrepareAndExecuteBatchRequest r) {
            return service.apply(r);
        } else if (request instanceof Service.ExecuteBatchRequest r) {
            return service.apply(r);
        }
        return connection(service, request);
    }

    private static Service.Response connection(Service service, Service.Request request) {
        if (request instanceof Service.OpenConnectionRequest r) {
            return service.apply(r);
        } else if (request instanceof Service.CloseConnectionRequest r) {
            return service.apply(r);
        } else if (request instanceof Service.ConnectionSyncRequest r) {
            return service.apply(r);
        } else if (request instanceof Service.CommitRequest r) {
            return service.apply(r);
        } else if (request instanceof Service.RollbackRequest r) {
            return service.apply(r);
        }
        throw ErrorCode.UNSUPPORTED.error("the request " + request.getClass().getSimpleName());
    }

    /** An error as Avatica says it. */
    public static Service.ErrorResponse failure(AtlasException error) {
        String message = String.valueOf(error.getMessage());
        return new Service.ErrorResponse(
                List.of(message),
                message,
                error.code().number(),
                error.code().sqlState(),
                AvaticaSeverity.ERROR,
                AvaticaService.NO_METADATA);
    }
}
