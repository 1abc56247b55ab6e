package io.atlasdb.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.atlasdb.node.Seeds;
import io.atlasdb.node.consensus.Ballot;
import io.atlasdb.node.consensus.Entry;
import io.atlasdb.node.consensus.Hash;
import io.atlasdb.node.consensus.Message;
import io.atlasdb.proto.peer.GroupMessage;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class MessageCodecTest {
    @Test
    void everyMessageComesBackAsItWas() {
        Seeds.forAll(3_000, random -> {
            long group = random.nextLong();
            Message message = RandomMessages.any(random);

            GroupMessage read =
                    GroupMessage.parseFrom(MessageCodec.encode(group, message).toByteString());

            assertThat(read.getGroup()).isEqualTo(group);
            assertThat(MessageCodec.decode(read)).usingRecursiveComparison().isEqualTo(message);
        });
    }

    @Test
    void theRandomMessagesAreOfEveryKind() {
        var random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
        Set<Class<?>> seen = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            seen.add(RandomMessages.any(random).getClass());
        }

        assertThat(seen).containsExactlyInAnyOrder(Message.class.getPermittedSubclasses());
    }

    @Test
    void aMessageOfANewerVersionIsSkipped() throws Exception {
        GroupMessage newer = GroupMessage.newBuilder()
                .setGroup(7)
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                99,
                                UnknownFieldSet.Field.newBuilder()
                                        .addLengthDelimited(ByteString.copyFromUtf8("new"))
                                        .build())
                        .build())
                .build();

        assertThat(MessageCodec.decode(GroupMessage.parseFrom(newer.toByteString())))
                .isNull();
    }

    @Test
    void anEntryOfANewerKindMakesTheMessageUnknown() {
        Entry entry = new Entry(1, Hash.ZERO, Entry.Kind.COMMAND, 1, new byte[] {1});
        GroupMessage.Builder message = MessageCodec.encode(1, new Message.Chosen(List.of(entry))).toBuilder();
        message.getChosenBuilder().getEntriesBuilder(0).setKind(200);

        assertThat(MessageCodec.decode(message.build())).isNull();
    }

    @Test
    void classesKeepWhatIsBulkyApart() {
        Entry entry = new Entry(1, Hash.ZERO, Entry.Kind.COMMAND, 1, new byte[] {1});

        assertThat(Lane.of(new Message.Fetch(1))).isEqualTo(Lane.CONTROL);
        assertThat(Lane.of(new Message.Promise(Ballot.NONE, 0, 0, List.of()))).isEqualTo(Lane.CONTROL);
        assertThat(Lane.of(new Message.Promise(Ballot.NONE, 0, 0, List.of(new Message.Accepted(Ballot.NONE, entry)))))
                .isEqualTo(Lane.LOG);
        assertThat(Lane.of(new Message.Accept(Ballot.NONE, Hash.ZERO, List.of(), 0, 0, 0)))
                .isEqualTo(Lane.LOG);
        assertThat(Lane.of(new Message.Chosen(List.of(entry)))).isEqualTo(Lane.BULK);
    }
}
