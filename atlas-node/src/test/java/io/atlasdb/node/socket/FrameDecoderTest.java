package io.atlasdb.node.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class FrameDecoderTest {
    private static final String INPUT = "KEY PUT a.b one\r\n\n[ID:7] KEY GET a.b\nKEY BLOB GET k\r\nCOUNT a\r\nSCAN";

    private final FrameDecoder decoder = new FrameDecoder(100, 1_000);

    @Test
    void halfFramesGiveTheSameRequestsAsWholeOnes() {
        List<String> whole = decode(new FrameDecoder(), INPUT.length());
        assertThat(whole)
                .hasSize(4)
                .element(1)
                .asString()
                .contains("tag=7")
                .contains("Get[key=KeyName[table=A, row=B]]");
        for (int step = 1; step < INPUT.length(); step++) {
            assertThat(decode(new FrameDecoder(), step))
                    .as("%d bytes at a time", step)
                    .isEqualTo(whole);
        }
    }

    private static List<String> decode(FrameDecoder decoder, int step) {
        ByteBuf bytes = Unpooled.buffer();
        List<String> requests = new ArrayList<>();
        for (int at = 0; at < INPUT.length(); at += step) {
            bytes.writeCharSequence(INPUT.substring(at, Math.min(INPUT.length(), at + step)), StandardCharsets.UTF_8);
            Request request;
            while ((request = decoder.next(bytes)) != null) {
                requests.add(describe(request));
            }
        }
        return requests;
    }

    private static String describe(Request request) {
        if (request.command() instanceof Command.Put put) {
            return put.key() + "=" + new String(put.value(), StandardCharsets.UTF_8);
        }
        return request.command() instanceof Command.Refused refused
                ? refused.answer().end()
                : request.toString();
    }

    @Test
    void aLineThatIsTooLongIsDroppedAsItComesAndRefusedAtItsEnd() {
        ByteBuf bytes = Unpooled.buffer();
        bytes.writeCharSequence("[ID:9] KEY PUT a.b ", StandardCharsets.UTF_8);
        for (int i = 0; i < 5; i++) {
            bytes.writeZero(100);
            assertThat(decoder.next(bytes)).isNull();
            assertThat(bytes.readableBytes()).isZero();
        }
        bytes.writeCharSequence("x\r\nCOUNT a\n", StandardCharsets.UTF_8);
        Request refused = Objects.requireNonNull(decoder.next(bytes));
        assertThat(refused.tag()).isEqualTo("9");
        assertThat(describe(refused))
                .isEqualTo("ERROR WARN the value is too large: 521 bytes, at most 16777216 are allowed");
        Request next = Objects.requireNonNull(decoder.next(bytes));
        assertThat(next.command()).isEqualTo(new Command.Count("A"));
    }

    @Test
    void aLineBeyondTheLimitIsFatal() {
        ByteBuf bytes = Unpooled.buffer();
        for (int i = 0; i < 10; i++) {
            bytes.writeZero(100);
            assertThat(decoder.next(bytes)).isNull();
        }
        bytes.writeZero(1);
        Request fatal = Objects.requireNonNull(decoder.next(bytes));
        assertThat(describe(fatal)).isEqualTo("ERROR FATAL command exceeded maximum length");
    }

    @Test
    void whatIsNoTagIsPartOfTheCommand() {
        for (String line : List.of("[ID:] WHO", "[ID:x WHO", "[id:x] WHO", "[ID:" + "x".repeat(300) + "] WHO")) {
            Request request = Objects.requireNonNull(CommandParser.parse(line.getBytes(StandardCharsets.UTF_8)));
            assertThat(request.tag()).as(line).isNull();
            assertThat(describe(request)).startsWith("ERROR WARN command expected, got [ID:");
        }
    }
}
