package io.atlasdb.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** House rules that no other tool checks, over the Java sources of every module. */
class TidyTest {
    private static final Path TOP = Path.of("..");
    private static final int FILE_LINES_MAX = 500;
    private static final int METHOD_LINES_MAX = 70;
    /** Split, so that this file passes its own test. */
    private static final Pattern LEFT_OVER = Pattern.compile("\\b(FIX" + "ME|TO" + "DO|XX" + "X)\\b|@Dis" + "abled");

    private static final Pattern WILDCARD = Pattern.compile("import (static )?[\\w.]+\\.\\*;");
    private static final Pattern TYPE = Pattern.compile(".*\\b(class|interface|record|enum|@interface)\\s+\\w+.*");
    /** Members of a type stand four columns further in than the type itself; the formatter sees to it. */
    private static final List<String> INDENTS = List.of("    ", "        ");

    @Test
    void sourcesAreTidy() throws IOException {
        List<String> errors = new ArrayList<>();
        List<Path> sources = sources();
        assertThat(sources).as("sources found from " + TOP.toAbsolutePath()).hasSizeGreaterThan(100);
        for (Path source : sources) {
            check(source, Files.readAllLines(source), errors);
        }
        assertThat(errors).isEmpty();
    }

    @Test
    void aLongMethodIsFound() {
        List<String> errors = new ArrayList<>();
        List<String> lines = new ArrayList<>(List.of("class Long {", "    void run(", "            int a) {"));
        for (int i = 0; i < METHOD_LINES_MAX; i++) {
            lines.add("        run(" + i + ");");
        }
        lines.addAll(List.of("    }", "}"));

        check(Path.of("Long.java"), lines, errors);

        assertThat(errors).containsExactly("Long.java:2: a method of 73 lines, at most 70");
    }

    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        try (Stream<Path> modules = Files.list(TOP)) {
            for (Path module :
                    modules.filter(m -> Files.isDirectory(m.resolve("src"))).toList()) {
                try (Stream<Path> files = Files.walk(module.resolve("src"))) {
                    files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
                }
            }
        }
        return sources;
    }

    private static void check(Path file, List<String> lines, List<String> errors) {
        String name = file.startsWith(TOP) ? TOP.relativize(file).toString() : file.toString();
        if (lines.size() > FILE_LINES_MAX) {
            errors.add(name + ": " + lines.size() + " lines, at most " + FILE_LINES_MAX);
        }
        if (file.toString().contains("src/main/java") && !Files.exists(file.resolveSibling("package-info.java"))) {
            errors.add(name + ": its package has no package-info.java");
        }
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (LEFT_OVER.matcher(line).find()) {
                errors.add(name + ":" + (i + 1) + ": a left-over marker");
            }
            if (WILDCARD.matcher(line).matches()) {
                errors.add(name + ":" + (i + 1) + ": an import with a wildcard");
            }
        }
        INDENTS.forEach(indent -> checkMembers(name, lines, indent, errors));
    }

    private static void checkMembers(String name, List<String> lines, String indent, List<String> errors) {
        Pattern member = Pattern.compile(indent + "[^\\s}@/*].*");
        int begin = -1;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.equals(indent + "}") || line.equals(indent + "};")) {
                int length = i - begin + 1;
                if (begin >= 0 && length > METHOD_LINES_MAX) {
                    errors.add(name + ":" + (begin + 1) + ": a method of " + length + " lines, at most "
                            + METHOD_LINES_MAX);
                }
                begin = -1;
            } else if (member.matcher(line).matches()) {
                begin = TYPE.matcher(line).matches() || line.endsWith(";") ? -1 : i;
            }
        }
    }
}
