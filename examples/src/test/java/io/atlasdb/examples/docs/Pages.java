package io.atlasdb.examples.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The Markdown files of the project, and what can be read from one. */
final class Pages {
    /** The folder of the whole project; tests run in the folder of their module. */
    static final Path TOP = Path.of("..").toAbsolutePath().normalize();

    private static final Set<String> BUILT = Set.of("target", ".git");

    private Pages() {}

    /** Every page of the project, build folders aside. */
    static List<Path> all() throws IOException {
        List<Path> pages = new ArrayList<>();
        collect(TOP, pages);
        return pages;
    }

    private static void collect(Path folder, List<Path> pages) throws IOException {
        List<Path> children;
        try (Stream<Path> files = Files.list(folder)) {
            children = files.sorted().toList();
        }
        for (Path child : children) {
            if (Files.isDirectory(child)) {
                if (!BUILT.contains(child.getFileName().toString())) {
                    collect(child, pages);
                }
            } else if (child.toString().endsWith(".md")) {
                pages.add(child);
            }
        }
    }

    /** The anchors of a page: its headings in lower case, without punctuation, with hyphens for blanks. */
    static Set<String> anchors(Path page) throws IOException {
        Set<String> anchors = new TreeSet<>();
        boolean code = false;
        for (String line : Files.readAllLines(page)) {
            if (line.startsWith("```")) {
                code = !code;
            } else if (!code && line.matches("#{1,6} .*")) {
                anchors.add(line.replaceFirst("#+ ", "")
                        .strip()
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'));
            }
        }
        return anchors;
    }

    /** The first cells of the rows of all tables in a page that are {@code `code`}, without the back quotes. */
    static Set<String> codeInFirstCells(Path page) throws IOException {
        Set<String> cells = new TreeSet<>();
        for (String line : Files.readAllLines(page)) {
            if (line.startsWith("| `")) {
                cells.add(line.substring(3, line.indexOf('`', 3)));
            }
        }
        return cells;
    }
}
