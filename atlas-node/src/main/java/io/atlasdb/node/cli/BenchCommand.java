package io.atlasdb.node.cli;

import io.atlasdb.node.bench.Benchmark;
import io.atlasdb.node.config.Nearest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** Hands the rest of the line to a benchmark. */
@Command(
        name = "bench",
        description = "Run a benchmark; without a name, list them.",
        synopsisHeading = "Usage: ",
        customSynopsis = "atlas bench [<name> [<arguments>...]]")
final class BenchCommand implements Callable<Integer> {
    private final Console console;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", arity = "0..1", paramLabel = "<name>")
    @Nullable
    private String name;

    @Unmatched
    private List<String> arguments = new ArrayList<>();

    BenchCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        List<Benchmark> known = new ArrayList<>();
        ServiceLoader.load(Benchmark.class).forEach(known::add);
        known.sort(Comparator.comparing(Benchmark::name));
        if (name == null) {
            RowPrinter.print(
                    Format.TABLE,
                    console.out(),
                    List.of("benchmark", "what it does"),
                    known.stream().map(b -> List.of(b.name(), b.description())).toList());
            return Exit.OK;
        }
        for (Benchmark benchmark : known) {
            if (benchmark.name().equals(name)) {
                return benchmark.run(List.copyOf(arguments), console.out());
            }
        }
        String hint = Nearest.hint(name, known.stream().map(Benchmark::name).toList());
        throw new ParameterException(spec.commandLine(), "there is no benchmark " + name + hint);
    }
}
