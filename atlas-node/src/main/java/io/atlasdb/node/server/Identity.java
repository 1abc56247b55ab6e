package io.atlasdb.node.server;

import io.atlasdb.node.config.Address;
import io.atlasdb.proto.ErrorCode;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * Who a node is, as its data directory keeps it.
 *
 * @param uuid drawn at the first start
 * @param id 0 while no cluster has given one
 * @param zone of its region
 * @param cluster the name of the cluster; empty while there is none
 * @param peers where other nodes were when it last looked
 */
record Identity(String uuid, int id, int zone, String cluster, String region, List<Address> peers) {
    Identity {
        peers = List.copyOf(peers);
    }

    /** As the file {@code cluster} holds it; the id has a file of its own. */
    String text() {
        return "uuid=" + uuid + "\nzone=" + zone + "\ncluster=" + cluster + "\nregion=" + region + "\npeers="
                + String.join(",", peers.stream().map(Address::toString).toList()) + "\n";
    }

    static Identity parse(int id, String text) {
        Properties fields = new Properties();
        try {
            fields.load(new StringReader(text));
            List<Address> peers = new ArrayList<>();
            for (String peer : fields.getProperty("peers", "").split(",", -1)) {
                Address address = peer.isEmpty() ? null : Address.parse(peer);
                if (address != null) {
                    peers.add(address);
                }
            }
            return new Identity(
                    fields.getProperty("uuid", ""),
                    id,
                    Integer.parseInt(fields.getProperty("zone", "0")),
                    fields.getProperty("cluster", ""),
                    fields.getProperty("region", ""),
                    peers);
        } catch (NumberFormatException e) {
            throw ErrorCode.CORRUPT.error(e, "the file cluster of the data directory");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
