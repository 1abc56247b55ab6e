package io.atlasdb.node.socket;

import io.atlasdb.sql.access.AccessChange;
import io.atlasdb.sql.store.ReadMode;
import io.atlasdb.sql.store.Retention;
import org.jspecify.annotations.Nullable;

/** What a client asks for, checked as far as that goes without looking at data. */
sealed interface Command {
    /** Calls the method for this kind of command; a kind without one does not compile. */
    <R> R accept(Visitor<R> visitor);

    /**
     * {@code HELLO}, the first line of a client.
     *
     * @param version what follows the verb; null unless the line has three words
     */
    record Hello(@Nullable String version) implements Command {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.hello(this);
        }
    }

    /** {@code KEY PUT}: the principal of the option, else null; until when it is retained; the value as its bytes. */
    @SuppressWarnings("ArrayRecordComponent")
    record Put(KeyName key, @Nullable String principal, Retention until, byte[] value) implements Command {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.put(this);
        }
    }

    /** {@code KEY GET}. */
    record Get(KeyName key) implements Command {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.get(this);
        }
    }

    /** {@code KEY BLOB SET}; the bytes follow the line. */
    record BlobSet(KeyName key, long bytes) implements Command {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.blobSet(this);
        }
    }

    /** {@code KEY BLOB GET}. */
    record BlobGet(KeyName key) implements Command {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.blobGet(this);
        }
    }

    /** {@code KEY DEL}. */
    record Delete(KeyName key) implements Command {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.delete(this);
        }
    }

    /** {@code SCAN}; the prefix is in upper case. */
    record Scan(String prefix) implements Command {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.scan(this);
        }
    }

    /** {@code COUNT}. */
    record Count(String prefix) implements Command {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.count(this);
        }
    }

    /** {@code SAMPLE}: at most {@code size} keys. */
    record Sample(String prefix, int size) implements Command {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.sample(this);
        }
    }

    /**
     * {@code ACL GRANT} and {@code ACL REVOKE}.
     *
     * @param key a key, or a table when it has no dot
     * @param permissions as they were written
     */
    record Acl(KeyName key, AccessChange change, String permissions) implements Command {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.acl(this);
        }
    }

    /** {@code PRINCIPAL WHOAMI}. */
    record WhoAmI() implements Command {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.whoAmI(this);
        }
    }

    /** {@code PRINCIPAL ASSUME}. */
    record Assume(String principal) implements Command {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.assume(this);
        }
    }

    /** {@code CONSISTENCY}: how fresh later reads of the connection are; null asks how fresh they are. */
    record Consistency(@Nullable ReadMode mode) implements Command {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.consistency(this);
        }
    }

    /** {@code NODE LIST}. */
    record NodeList() implements Command {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.nodeList(this);
        }
    }

    /** {@code NODE INFO}. */
    record NodeInfo(long id) implements Command {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.nodeInfo(this);
        }
    }

    /** {@code NODE PING}. */
    record NodePing(long id) implements Command {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.nodePing(this);
        }
    }

    /** {@code NODE DRAIN}, {@code NODE ACTIVATE}, {@code NODE REMOVE}. */
    record NodeChange(long id, ClusterInfo.Change change) implements Command {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.nodeChange(this);
        }
    }

    /** {@code QUORUM INFO}; the name is in upper case. */
    record QuorumInfo(String name) implements Command {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.quorumInfo(this);
        }
    }

    /**
     * A line that is answered by an error alone.
     *
     * @param skippedBytes bytes after the line that belong to the command and are thrown away
     */
    record Refused(Answer answer, long skippedBytes) implements Command {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.refused(this);
        }
    }

    /** One method per command. */
    interface Visitor<R> {
        R hello(Hello command);

        R put(Put command);

        R get(Get command);

        R blobSet(BlobSet command);

        R blobGet(BlobGet command);

        R delete(Delete command);

        R scan(Scan command);

        R count(Count command);

        R sample(Sample command);

        R acl(Acl command);

        R whoAmI(WhoAmI command);

        R assume(Assume command);

        R consistency(Consistency command);

        R nodeList(NodeList command);

        R nodeInfo(NodeInfo command);

        R nodePing(NodePing command);

        R nodeChange(NodeChange command);

        R quorumInfo(QuorumInfo command);

        R refused(Refused command);
    }
}
