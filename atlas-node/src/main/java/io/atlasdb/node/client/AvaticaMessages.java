package io.atlasdb.node.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.remote.AvaticaDispatcher;
import io.atlasdb.sql.remote.AvaticaService;
import io.atlasdb.sql.store.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.calcite.avatica.remote.JsonService;
import org.apache.calcite.avatica.remote.ProtobufTranslation;
import org.apache.calcite.avatica.remote.ProtobufTranslationImpl;
import org.apache.calcite.avatica.remote.Service;

/** Avatica's messages as bytes: protobuf or JSON in, the same out. Safe for any thread. */
final class AvaticaMessages {
    private final ProtobufTranslation protobuf = new ProtobufTranslationImpl();
    private final AvaticaDispatcher dispatcher;

    /**
     * An answer and its HTTP status: 200, or 500 for an error, as Avatica's clients expect; 401 to a client that has offered no
     * password, which may have one for whoever asks.
     */
    static final class Answer {
        private final int status;
        private final byte[] body;

        Answer(int status, byte[] body) {
            this.status = status;
            this.body = body;
        }

        int status() {
            return status;
        }

        byte[] body() {
            return body;
        }
    }

    AvaticaMessages(AvaticaDispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    Answer answer(byte[] body, boolean json, AvaticaService.Caller caller) {
        Service.Request request;
        try {
            request = json ? JsonService.MAPPER.readValue(body, Service.Request.class) : protobuf.parseRequest(body);
        } catch (IOException | RuntimeException e) {
            return encode(AvaticaDispatcher.failure(ErrorCode.PROTOCOL.error("not a message of Avatica")), json);
        }
        Service.Response response = dispatcher.dispatch(request, caller);
        Answer answer = encode(response, json);
        boolean asks = response instanceof Service.ErrorResponse error
                && error.errorCode == ErrorCode.LOGIN.number()
                && caller.login() == null
                && !AvaticaDispatcher.offersPassword(request);
        return asks ? new Answer(401, answer.body()) : answer;
    }

    Answer tooLarge(boolean json) {
        return failed(ErrorCode.LIMIT.error("the request", "its body", Limits.REQUEST_BYTES_MAX + " bytes"), json);
    }

    Answer failed(AtlasException error, boolean json) {
        return encode(AvaticaDispatcher.failure(error), json);
    }

    private Answer encode(Service.Response response, boolean json) {
        int status = response instanceof Service.ErrorResponse ? 500 : 200;
        try {
            return new Answer(
                    status,
                    json ? JsonService.MAPPER.writeValueAsBytes(response) : protobuf.serializeResponse(response));
        } catch (JsonProcessingException e) {
            return new Answer(500, "the answer has no JSON form".getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("writing to memory does not fail", e);
        }
    }
}
