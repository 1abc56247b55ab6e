package io.atlasdb.node.transport;

import com.google.protobuf.UnsafeByteOperations;
import io.atlasdb.node.consensus.Ballot;
import io.atlasdb.node.consensus.Entry;
import io.atlasdb.node.consensus.Hash;
import io.atlasdb.node.consensus.Message;
import io.atlasdb.proto.peer.Accept;
import io.atlasdb.proto.peer.Accepted;
import io.atlasdb.proto.peer.Chosen;
import io.atlasdb.proto.peer.Commit;
import io.atlasdb.proto.peer.Compacted;
import io.atlasdb.proto.peer.Confirm;
import io.atlasdb.proto.peer.Confirmed;
import io.atlasdb.proto.peer.Fetch;
import io.atlasdb.proto.peer.GroupMessage;
import io.atlasdb.proto.peer.HandOver;
import io.atlasdb.proto.peer.LeaseHeld;
import io.atlasdb.proto.peer.Nack;
import io.atlasdb.proto.peer.Need;
import io.atlasdb.proto.peer.Prepare;
import io.atlasdb.proto.peer.Promise;
import io.atlasdb.proto.peer.Vote;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Messages of the groups to protobuf and back. Payloads are wrapped on the way out, so that they are copied once, into the
 * connection's buffer; on the way in each gets an array of its own.
 */
final class MessageCodec {
    private MessageCodec() {}

    static GroupMessage encode(long group, Message message) {
        GroupMessage.Builder to = GroupMessage.newBuilder().setGroup(group);
        if (message instanceof Message.Prepare m) {
            to.setPrepare(Prepare.newBuilder()
                    .setBallot(ballot(m.ballot()))
                    .setFrom(m.from())
                    .setRelease(ballot(m.release())));
        } else if (message instanceof Message.Promise m) {
            to.setPromise(promise(m));
        } else if (message instanceof Message.LeaseHeld m) {
            to.setLeaseHeld(LeaseHeld.newBuilder().setBallot(ballot(m.ballot())).setRemainingMs(m.remainingMs()));
        } else if (message instanceof Message.Accept m) {
            to.setAccept(accept(m));
        } else if (message instanceof Message.Vote m) {
            to.setVote(Vote.newBuilder()
                    .setBallot(ballot(m.ballot()))
                    .setMatch(m.match())
                    .setCommit(m.commit())
                    .setLeased(m.leased()));
        } else if (message instanceof Message.Nack m) {
            to.setNack(Nack.newBuilder().setBallot(ballot(m.ballot())).setPromised(ballot(m.promised())));
        } else if (message instanceof Message.Need m) {
            to.setNeed(Need.newBuilder().setBallot(ballot(m.ballot())).setFrom(m.from()));
        } else if (message instanceof Message.Commit m) {
            to.setCommit(Commit.newBuilder()
                    .setBallot(ballot(m.ballot()))
                    .setSlot(m.slot())
                    .setHash(hash(m.hash()))
                    .setStable(m.stable()));
        } else {
            encodeRest(to, message);
        }
        return to.build();
    }

    private static void encodeRest(GroupMessage.Builder to, Message message) {
        if (message instanceof Message.Confirm m) {
            to.setConfirm(Confirm.newBuilder()
                    .setBallot(ballot(m.ballot()))
                    .setRound(m.round())
                    .setCeiling(m.ceiling())
                    .setLeaseMs(m.leaseMs()));
        } else if (message instanceof Message.Confirmed m) {
            to.setConfirmed(Confirmed.newBuilder().setBallot(ballot(m.ballot())).setRound(m.round()));
        } else if (message instanceof Message.Fetch m) {
            to.setFetch(Fetch.newBuilder().setFrom(m.from()));
        } else if (message instanceof Message.Chosen m) {
            Chosen.Builder chosen = Chosen.newBuilder();
            m.entries().forEach(entry -> chosen.addEntries(entry(entry)));
            to.setChosen(chosen);
        } else if (message instanceof Message.Compacted m) {
            to.setCompacted(Compacted.newBuilder().setSlot(m.slot()));
        } else if (message instanceof Message.HandOver m) {
            to.setHandOver(HandOver.newBuilder().setBallot(ballot(m.ballot())).setCeiling(m.ceiling()));
        } else {
            throw new IllegalArgumentException("no form on the wire for " + message.getClass());
        }
    }

    private static Promise promise(Message.Promise message) {
        Promise.Builder promise = Promise.newBuilder()
                .setBallot(ballot(message.ballot()))
                .setCommit(message.commit())
                .setCeiling(message.ceiling());
        message.entries()
                .forEach(accepted -> promise.addEntries(Accepted.newBuilder()
                        .setBallot(ballot(accepted.ballot()))
                        .setEntry(entry(accepted.entry()))));
        return promise.build();
    }

    private static Accept accept(Message.Accept message) {
        Accept.Builder accept = Accept.newBuilder()
                .setBallot(ballot(message.ballot()))
                .setPrevious(hash(message.previous()))
                .setCommit(message.commit())
                .setStable(message.stable())
                .setLeaseMs(message.leaseMs());
        message.entries().forEach(entry -> accept.addEntries(entry(entry)));
        return accept.build();
    }

    private static io.atlasdb.proto.peer.Ballot ballot(Ballot ballot) {
        return io.atlasdb.proto.peer.Ballot.newBuilder()
                .setRound(ballot.round())
                .setZone(ballot.zone())
                .setNode(ballot.node())
                .setIncarnation(ballot.incarnation())
                .build();
    }

    private static io.atlasdb.proto.peer.Hash hash(Hash hash) {
        return io.atlasdb.proto.peer.Hash.newBuilder()
                .setHigh(hash.high())
                .setLow(hash.low())
                .build();
    }

    private static io.atlasdb.proto.peer.Entry entry(Entry entry) {
        return io.atlasdb.proto.peer.Entry.newBuilder()
                .setSlot(entry.slot())
                .setHash(hash(entry.hash()))
                .setKind(entry.kind().code())
                .setTimestamp(entry.timestamp())
                .setPayload(UnsafeByteOperations.unsafeWrap(entry.payload()))
                .build();
    }

    /** The message; null when this version does not know it, or a kind of entry in it. */
    static @Nullable Message decode(GroupMessage from) {
        return switch (from.getBodyCase()) {
            case PREPARE -> {
                Prepare m = from.getPrepare();
                yield new Message.Prepare(ballot(m.getBallot()), m.getFrom(), ballot(m.getRelease()));
            }
            case PROMISE -> promise(from.getPromise());
            case LEASE_HELD -> {
                LeaseHeld m = from.getLeaseHeld();
                yield new Message.LeaseHeld(ballot(m.getBallot()), m.getRemainingMs());
            }
            case ACCEPT -> accept(from.getAccept());
            case VOTE -> {
                Vote m = from.getVote();
                yield new Message.Vote(ballot(m.getBallot()), m.getMatch(), m.getCommit(), m.getLeased());
            }
            case NACK -> {
                Nack m = from.getNack();
                yield new Message.Nack(ballot(m.getBallot()), ballot(m.getPromised()));
            }
            case NEED ->
                new Message.Need(
                        ballot(from.getNeed().getBallot()), from.getNeed().getFrom());
            case COMMIT -> {
                Commit m = from.getCommit();
                yield new Message.Commit(ballot(m.getBallot()), m.getSlot(), hash(m.getHash()), m.getStable());
            }
            case CONFIRM -> {
                Confirm m = from.getConfirm();
                yield new Message.Confirm(ballot(m.getBallot()), m.getRound(), m.getCeiling(), m.getLeaseMs());
            }
            case CONFIRMED ->
                new Message.Confirmed(
                        ballot(from.getConfirmed().getBallot()),
                        from.getConfirmed().getRound());
            case FETCH -> new Message.Fetch(from.getFetch().getFrom());
            case CHOSEN -> {
                List<Entry> entries = entries(from.getChosen().getEntriesList());
                yield entries == null ? null : new Message.Chosen(entries);
            }
            case COMPACTED -> new Message.Compacted(from.getCompacted().getSlot());
            case HAND_OVER ->
                new Message.HandOver(
                        ballot(from.getHandOver().getBallot()),
                        from.getHandOver().getCeiling());
            case BODY_NOT_SET -> null;
        };
    }

    private static @Nullable Message promise(Promise from) {
        List<Message.Accepted> accepted = new ArrayList<>(from.getEntriesCount());
        for (Accepted one : from.getEntriesList()) {
            Entry entry = entry(one.getEntry());
            if (entry == null) {
                return null;
            }
            accepted.add(new Message.Accepted(ballot(one.getBallot()), entry));
        }
        return new Message.Promise(ballot(from.getBallot()), from.getCommit(), from.getCeiling(), accepted);
    }

    private static @Nullable Message accept(Accept from) {
        List<Entry> entries = entries(from.getEntriesList());
        return entries == null
                ? null
                : new Message.Accept(
                        ballot(from.getBallot()),
                        hash(from.getPrevious()),
                        entries,
                        from.getCommit(),
                        from.getStable(),
                        from.getLeaseMs());
    }

    private static @Nullable List<Entry> entries(List<io.atlasdb.proto.peer.Entry> from) {
        List<Entry> entries = new ArrayList<>(from.size());
        for (io.atlasdb.proto.peer.Entry one : from) {
            Entry entry = entry(one);
            if (entry == null) {
                return null;
            }
            entries.add(entry);
        }
        return entries;
    }

    private static @Nullable Entry entry(io.atlasdb.proto.peer.Entry from) {
        for (Entry.Kind kind : Entry.Kind.values()) {
            if (kind.code() == from.getKind()) {
                return new Entry(
                        from.getSlot(),
                        hash(from.getHash()),
                        kind,
                        from.getTimestamp(),
                        from.getPayload().toByteArray());
            }
        }
        return null;
    }

    private static Ballot ballot(io.atlasdb.proto.peer.Ballot from) {
        return new Ballot(from.getRound(), from.getZone(), from.getNode(), from.getIncarnation());
    }

    private static Hash hash(io.atlasdb.proto.peer.Hash from) {
        return new Hash(from.getHigh(), from.getLow());
    }
}
