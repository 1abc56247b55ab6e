package io.atlasdb.node.cli;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where faults of Atlas itself go with their trace: the log, which shows them when asked to. */
final class Faults {
    private static final Logger LOG = LoggerFactory.getLogger(Faults.class);

    private Faults() {}

    static void log(Throwable fault) {
        LOG.debug("a command failed", fault);
    }
}
