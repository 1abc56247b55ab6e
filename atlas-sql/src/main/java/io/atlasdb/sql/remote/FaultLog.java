package io.atlasdb.sql.remote;

/** Where faults of the program go, whose trace a client must not see. */
@FunctionalInterface
public interface FaultLog {
    /**
     * Notes a fault.
     *
     * @param id what the client was told, so that its message can be found in the log
     */
    void fault(String id, Throwable fault);
}
