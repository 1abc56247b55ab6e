package io.atlasdb.node.bench;

import java.io.PrintStream;
import java.util.List;

/** Something that {@code atlas bench <name>} runs. Has a public constructor without parameters. */
public interface Benchmark {
    /** The word after {@code atlas bench}. */
    String name();

    /** One line for the list of benchmarks. */
    String description();

    /**
     * Runs with the arguments after the name.
     *
     * @return the exit code
     * @throws io.atlasdb.proto.AtlasException for an error of the user
     * @throws Exception for everything else
     */
    int run(List<String> arguments, PrintStream out) throws Exception;
}
