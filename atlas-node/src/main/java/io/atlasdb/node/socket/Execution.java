package io.atlasdb.node.socket;

import io.atlasdb.node.socket.ClusterInfo.NodeStatus;
import io.atlasdb.node.socket.ClusterInfo.Quorums;
import io.atlasdb.proto.AtlasException;
import io.atlasdb.proto.ErrorCode;
import io.atlasdb.sql.access.Identities;
import io.atlasdb.sql.access.Identity;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One run of one command, on a worker.
 *
 * @param principal who asks, or null
 */
record Execution(
        KeySpace keys,
        ClusterInfo cluster,
        Identities identities,
        ByteBudget budget,
        @Nullable String principal,
        BooleanSupplier cancelled)
        implements Command.Visitor<CompletableFuture<Answer>> {
    private static final byte[] VALUE = "VALUE:".getBytes(StandardCharsets.US_ASCII);

    @Override
    public CompletableFuture<Answer> put(Command.Put command) {
        KeyName key = command.key();
        String writer = command.principal() == null ? principal : command.principal();
        return keys.put(key.table(), key.row(), command.value(), identities.of(writer), command.until())
                .thenApply(done -> Answer.OK);
    }

    @Override
    public CompletableFuture<Answer> get(Command.Get command) {
        byte[] value = keys.get(command.key().table(), command.key().row(), identity());
        if (value == null) {
            return done(Answer.ok("NOT_FOUND"));
        }
        for (byte b : value) {
            if (b == '\n' || b == '\r') {
                return done(Answer.warn(
                        "the value of " + command.key().dotted() + " contains line breaks; read it with KEY BLOB GET"));
            }
        }
        long held = value.length > ByteBudget.FREE_BYTES ? value.length : 0;
        take(held);
        byte[] frame = new byte[VALUE.length + value.length];
        System.arraycopy(VALUE, 0, frame, 0, VALUE.length);
        System.arraycopy(value, 0, frame, VALUE.length, value.length);
        return done(Answer.ok(frame, held));
    }

    /** It is run by the connection, which has its bytes. */
    @Override
    public CompletableFuture<Answer> blobSet(Command.BlobSet command) {
        throw new IllegalStateException("KEY BLOB SET without its bytes");
    }

    @Override
    public CompletableFuture<Answer> blobGet(Command.BlobGet command) {
        take(BlobSender.HELD_BYTES);
        try {
            KeySpace.Outgoing value =
                    keys.read(command.key().table(), command.key().row(), identity());
            if (value != null) {
                return done(Answer.ok(value, BlobSender.HELD_BYTES));
            }
        } catch (RuntimeException e) {
            budget.give(BlobSender.HELD_BYTES);
            throw e;
        }
        budget.give(BlobSender.HELD_BYTES);
        return done(Answer.ok("EMPTY"));
    }

    @Override
    public CompletableFuture<Answer> delete(Command.Delete command) {
        return keys.delete(command.key().table(), command.key().row(), identity())
                .thenApply(done -> Answer.OK);
    }

    @Override
    public CompletableFuture<Answer> scan(Command.Scan command) {
        KeyList list = new KeyList(budget);
        try {
            scan(command.prefix(), list::add);
            return done(list.answer());
        } catch (RuntimeException e) {
            list.drop();
            throw e;
        }
    }

    @Override
    public CompletableFuture<Answer> count(Command.Count command) {
        long[] count = {0};
        scan(command.prefix(), key -> count[0]++);
        return done(Answer.ok("COUNT " + count[0]));
    }

    /** Algorithm R (Vitter 1985): after n keys each of them is kept with the same chance. */
    @Override
    public CompletableFuture<Answer> sample(Command.Sample command) {
        Random random = ThreadLocalRandom.current();
        List<String> kept = new ArrayList<>();
        long[] seen = {0};
        scan(command.prefix(), key -> {
            seen[0]++;
            if (kept.size() < command.size()) {
                kept.add(key);
            } else {
                long place = random.nextLong(seen[0]);
                if (place < command.size()) {
                    kept.set((int) place, key);
                }
            }
        });
        Collections.shuffle(kept, random);
        KeyList list = new KeyList(budget);
        try {
            kept.forEach(list::add);
            return done(list.answer());
        } catch (RuntimeException e) {
            list.drop();
            throw e;
        }
    }

    private void scan(String prefix, java.util.function.Consumer<String> sink) {
        keys.scan(prefix, identity(), (table, row) -> {
            sink.accept(new KeyName(table, row).dotted());
            return !cancelled.getAsBoolean();
        });
    }

    /** Who asks. */
    private Identity identity() {
        return identities.of(principal);
    }

    @Override
    public CompletableFuture<Answer> acl(Command.Acl command) {
        KeyName key = command.key();
        String row = key.row().isEmpty() ? null : key.row();
        String done = (command.change().grants() ? "ACL granted to " : "ACL revoked from ")
                + command.change().principals().get(0) + " for " + key.dotted() + " with permissions "
                + command.permissions();
        return keys.changeRights(key.table(), row, command.change(), identity()).thenApply(any -> Answer.ok(done));
    }

    @Override
    public CompletableFuture<Answer> nodeList(Command.NodeList command) {
        return done(Answer.ok(cluster.nodes().stream().map(Execution::summary).toList()));
    }

    @Override
    public CompletableFuture<Answer> nodeInfo(Command.NodeInfo command) {
        return done(cluster.nodes().stream()
                .filter(node -> node.id() == command.id())
                .findFirst()
                .map(node -> Answer.ok(summary(node)
                        + cluster.arriving(node.id()).map(Execution::arriving).orElse("")))
                .orElseGet(() -> noNode(command.id())));
    }

    @Override
    public CompletableFuture<Answer> nodePing(Command.NodePing command) {
        OptionalLong rttMs = cluster.ping(command.id());
        return done(
                rttMs.isPresent()
                        ? Answer.ok("PONG node=" + command.id() + " rtt_ms=" + rttMs.getAsLong())
                        : noNode(command.id()));
    }

    @Override
    public CompletableFuture<Answer> nodeChange(Command.NodeChange command) {
        return done(cluster.change(command.id(), command.change()) ? Answer.OK : noNode(command.id()));
    }

    @Override
    public CompletableFuture<Answer> quorumInfo(Command.QuorumInfo command) {
        OptionalLong group = keys.group(command.name());
        if (group.isEmpty()) {
            throw ErrorCode.NO_SUCH_TABLE.error(command.name(), "");
        }
        Quorums quorums = cluster.quorums(group.getAsLong());
        return done(Answer.ok(quorum("Q1", quorums.phase1()) + quorum("Q2", quorums.phase2())));
    }

    /** The connection has set it already. */
    @Override
    public CompletableFuture<Answer> consistency(Command.Consistency command) {
        return done(Answer.OK);
    }

    /** Only the first line may be a HELLO. */
    @Override
    public CompletableFuture<Answer> hello(Command.Hello command) {
        return done(Answer.warn("command expected, got HELLO"));
    }

    @Override
    public CompletableFuture<Answer> whoAmI(Command.WhoAmI command) {
        return done(Answer.ok("PRINCIPAL " + (principal == null ? "(none)" : principal)));
    }

    @Override
    public CompletableFuture<Answer> assume(Command.Assume command) {
        return done(Answer.OK);
    }

    @Override
    public CompletableFuture<Answer> refused(Command.Refused command) {
        return done(command.answer());
    }

    private void take(long bytes) {
        if (!budget.take(bytes)) {
            throw busy();
        }
    }

    /** The error when the node holds as much for its clients as it may. */
    static AtlasException busy() {
        return ErrorCode.BUSY.error("too much data is on its way to clients");
    }

    private static Answer noNode(long id) {
        return Answer.warn("node " + id + " not found");
    }

    private static String arriving(ClusterInfo.Arriving arriving) {
        return " snapshots=" + arriving.groups() + " snapshot_bytes=" + arriving.bytes() + " snapshot_rows="
                + arriving.rows() + " snapshot_rows_total=" + arriving.rowsEstimate();
    }

    private static String summary(NodeStatus node) {
        return "NODE id=" + node.id() + " region=" + node.region() + " status="
                + (node.active() ? "ACTIVE" : "INACTIVE") + " rtt_ms=" + node.rttMs() + " addr=" + node.host()
                + " port=" + node.port();
    }

    /** The frame that holds this is one line to its reader although it has line feeds; it ends in one. */
    private static String quorum(String name, List<NodeStatus> nodes) {
        return nodes.stream()
                .map(node -> "id=" + node.id() + " region=" + node.region() + " addr=" + node.host() + " port="
                        + node.port() + "\n")
                .collect(Collectors.joining("", name + " size=" + nodes.size() + "\n", ""));
    }

    private static CompletableFuture<Answer> done(Answer answer) {
        return CompletableFuture.completedFuture(answer);
    }
}
