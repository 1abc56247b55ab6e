package io.atlasdb.node.mutation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A defect and the patch that makes it, or why it cannot exist here.
 *
 * @param name in the words of the list that it stands in
 * @param simulation which must find it
 * @param patches none when the defect cannot exist
 * @param absent why it cannot exist; else empty
 */
record Mutant(String name, String simulation, List<Patch> patches, String absent) {
    /** One place of a file, below the root of the node's packages, and what stands there instead. White space does not count. */
    record Patch(String file, String before, String after) {
        private static final Pattern SPACE = Pattern.compile("\\s+");

        /** The patched text of the file. */
        String apply(String source) {
            StringBuilder pattern = new StringBuilder();
            for (String word : SPACE.split(before.strip())) {
                pattern.append(pattern.isEmpty() ? "" : "\\s+").append(Pattern.quote(word));
            }
            Matcher found = Pattern.compile(pattern.toString()).matcher(source);
            if (!found.find()) {
                throw new AssertionError("in " + file + " there is no\n" + before);
            }
            String patched = source.substring(0, found.start()) + after + source.substring(found.end());
            if (found.find()) {
                throw new AssertionError("in " + file + " there is more than one\n" + before);
            }
            return patched;
        }
    }

    /** The patched sources, by file. */
    Map<String, String> sources(java.util.function.UnaryOperator<String> read) {
        Map<String, String> sources = new TreeMap<>();
        for (Patch patch : patches) {
            sources.compute(patch.file(), (file, before) -> patch.apply(before == null ? read.apply(file) : before));
        }
        return sources;
    }

    /**
     * Reads defects. A line {@code == name} begins one. Then either {@code absent: why}, or lines {@code at file}, each with
     * lines {@code - text} that stand there and lines {@code + text} that are to stand there. Lines that begin with # are remarks.
     */
    static List<Mutant> parse(String simulation, List<String> lines) {
        List<Mutant> mutants = new ArrayList<>();
        String name = "";
        String file = "";
        StringBuilder before = new StringBuilder();
        StringBuilder after = new StringBuilder();
        List<Patch> patches = new ArrayList<>();
        StringBuilder absent = new StringBuilder();
        for (String line : lines) {
            if (line.startsWith("- ")) {
                if (!after.isEmpty()) {
                    throw new IllegalArgumentException("- after + under " + name);
                }
                before.append(line.substring(2)).append('\n');
            } else if (line.startsWith("+ ")) {
                after.append(line.substring(2)).append('\n');
            } else if (line.startsWith("at ") || line.startsWith("== ")) {
                if (!before.isEmpty()) {
                    patches.add(new Patch(file, before.toString(), after.toString()));
                    before.setLength(0);
                    after.setLength(0);
                }
                file = line.startsWith("at ") ? line.substring(3).strip() : file;
                if (line.startsWith("== ")) {
                    add(mutants, new Mutant(name, simulation, List.copyOf(patches), absent.toString()));
                    patches.clear();
                    absent.setLength(0);
                    name = line.substring(3).strip();
                }
            } else if (line.startsWith("absent: ")) {
                absent.append(line.substring(8).strip());
            } else if (!line.isBlank() && !line.startsWith("#")) {
                throw new IllegalArgumentException("not understood: " + line);
            }
        }
        if (!before.isEmpty()) {
            patches.add(new Patch(file, before.toString(), after.toString()));
        }
        add(mutants, new Mutant(name, simulation, List.copyOf(patches), absent.toString()));
        return mutants;
    }

    private static void add(List<Mutant> mutants, Mutant one) {
        if (one.name().isEmpty()) {
            return;
        }
        if (one.patches().isEmpty() == one.absent().isEmpty()) {
            throw new IllegalArgumentException(one.name() + " needs either a patch or the reason why it cannot exist");
        }
        mutants.add(one);
    }
}
