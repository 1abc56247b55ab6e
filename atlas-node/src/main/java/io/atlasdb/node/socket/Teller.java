package io.atlasdb.node.socket;

import io.atlasdb.node.socket.CommandListener.Refusal;
import io.atlasdb.node.socket.CommandListener.Weight;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tells a listener of the commands that say something of values, rights or nodes. */
final class Teller {
    private static final String DENIED = "ERROR WARN permission denied";
    private static final String OK = "OK";

    private final CommandListener listener;

    Teller(CommandListener listener) {
        this.listener = listener;
    }

    /** Tells, and gives the answer back. */
    Answer told(Command command, @Nullable String principal, Answer answer) {
        if (listener != CommandListener.NONE) {
            tell(command, principal == null ? "" : principal, refusal(answer));
        }
        return answer;
    }

    private static Refusal refusal(Answer answer) {
        String end = answer.end();
        return end.equals(OK) ? Refusal.NONE : end.startsWith(DENIED) ? Refusal.DENIED : Refusal.FAILED;
    }

    private void tell(Command command, String principal, Refusal refusal) {
        if (command instanceof Command.Put put) {
            String writer = put.principal();
            listener.ran(
                    Weight.WRITE,
                    writer == null ? principal : writer,
                    "KEY PUT",
                    put.key().dotted(),
                    refusal);
        } else if (command instanceof Command.Delete delete) {
            listener.ran(Weight.WRITE, principal, "KEY DEL", delete.key().dotted(), refusal);
        } else if (command instanceof Command.BlobSet set) {
            listener.ran(Weight.WRITE, principal, "KEY BLOB SET", set.key().dotted(), refusal);
        } else if (command instanceof Command.Get get) {
            listener.ran(Weight.READ, principal, "KEY GET", get.key().dotted(), refusal);
        } else if (command instanceof Command.BlobGet get) {
            listener.ran(Weight.READ, principal, "KEY BLOB GET", get.key().dotted(), refusal);
        } else if (command instanceof Command.Scan scan) {
            listener.ran(Weight.READ, principal, "SCAN", scan.prefix(), refusal);
        } else if (command instanceof Command.Count count) {
            listener.ran(Weight.READ, principal, "COUNT", count.prefix(), refusal);
        } else if (command instanceof Command.Sample sample) {
            listener.ran(Weight.READ, principal, "SAMPLE", sample.prefix(), refusal);
        } else if (command instanceof Command.Acl acl) {
            String to = String.join(",", acl.change().principals());
            String object = acl.key().dotted() + " " + to + " " + acl.permissions();
            listener.ran(Weight.ACCESS, principal, acl.change().grants() ? "ACL GRANT" : "ACL REVOKE", object, refusal);
        } else if (command instanceof Command.Assume assume) {
            listener.ran(Weight.ACCESS, principal, "PRINCIPAL ASSUME", assume.principal(), refusal);
        } else if (command instanceof Command.NodeChange change) {
            String verb = "NODE " + change.change().name().toUpperCase(Locale.ROOT);
            listener.ran(Weight.WRITE, principal, verb, Long.toString(change.id()), refusal);
        }
    }
}
