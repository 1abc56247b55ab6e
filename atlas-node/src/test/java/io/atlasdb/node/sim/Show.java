package io.atlasdb.node.sim;

import io.atlasdb.node.consensus.Ballot;
import io.atlasdb.node.consensus.Configuration;
import io.atlasdb.node.consensus.Entry;
import io.atlasdb.node.consensus.Message;
import java.util.List;
import java.util.stream.Collectors;

/** Messages and entries, short enough to read a thousand of them. */
final class Show {
    private Show() {}

    static String message(Message message) {
        if (message instanceof Message.Prepare prepare) {
            return "prepare " + ballot(prepare.ballot()) + " from " + prepare.from()
                    + (prepare.release().equals(Ballot.NONE) ? "" : " released " + ballot(prepare.release()));
        } else if (message instanceof Message.Promise promise) {
            return "promise " + ballot(promise.ballot()) + " commit " + promise.commit() + " ceiling "
                    + promise.ceiling() + " "
                    + promise.entries().stream()
                            .map(one -> ballot(one.ballot()) + ":" + entry(one.entry()))
                            .toList();
        } else if (message instanceof Message.LeaseHeld heldLease) {
            return "lease held " + ballot(heldLease.ballot()) + " for " + heldLease.remainingMs() + " ms";
        } else if (message instanceof Message.Accept accept) {
            return "accept " + ballot(accept.ballot()) + " " + entries(accept.entries()) + " commit " + accept.commit();
        } else if (message instanceof Message.Vote vote) {
            return "vote " + ballot(vote.ballot()) + " match " + vote.match() + " commit " + vote.commit()
                    + (vote.leased() ? " leased" : "");
        } else if (message instanceof Message.Nack nack) {
            return "nack " + ballot(nack.ballot()) + " promised " + ballot(nack.promised());
        } else if (message instanceof Message.Need need) {
            return "need " + ballot(need.ballot()) + " from " + need.from();
        } else if (message instanceof Message.Commit commit) {
            return "commit " + ballot(commit.ballot()) + " " + commit.slot();
        } else if (message instanceof Message.Confirm confirm) {
            return "confirm " + ballot(confirm.ballot()) + " round " + confirm.round() + " ceiling "
                    + confirm.ceiling();
        } else if (message instanceof Message.Confirmed confirmed) {
            return "confirmed " + ballot(confirmed.ballot()) + " round " + confirmed.round();
        } else if (message instanceof Message.Fetch fetch) {
            return "fetch from " + fetch.from();
        } else if (message instanceof Message.Chosen chosen) {
            return "chosen " + entries(chosen.entries());
        } else if (message instanceof Message.Compacted compacted) {
            return "compacted " + compacted.slot();
        } else if (message instanceof Message.HandOver handOver) {
            return "hand over " + ballot(handOver.ballot()) + " ceiling " + handOver.ceiling();
        }
        return message.toString();
    }

    static String ballot(Ballot ballot) {
        return ballot.round() + "." + ballot.node();
    }

    private static String entries(List<Entry> entries) {
        return entries.stream().map(Show::entry).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String entry(Entry entry) {
        String what = switch (entry.kind()) {
            case NOOP -> "noop";
            case CONFIGURATION -> configuration(Configuration.decode(entry.payload()));
            case COMMAND -> {
                Command command = Command.decode(entry.payload());
                yield "k" + command.key() + "=" + command.value();
            }
        };
        return entry.slot() + " " + what + " #" + Long.toHexString(entry.hash().high() >>> 48);
    }

    private static String configuration(Configuration configuration) {
        return "members "
                + configuration.voters().stream().map(Configuration.Voter::node).toList()
                + (configuration.learners().isEmpty()
                        ? ""
                        : " learners "
                                + configuration.learners().stream()
                                        .map(Configuration.Voter::node)
                                        .toList())
                + " fn " + configuration.fn() + " fz " + configuration.fz();
    }
}
