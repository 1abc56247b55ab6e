package io.atlasdb.node.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Temporary folders. */
final class Folders {
    private Folders() {}

    /** A new folder below the system's place for temporary files, or below the given one. */
    static Path temporary(String prefix) throws IOException {
        return Files.createTempDirectory(prefix);
    }

    /** Deletes a folder and all that is in it; what vanishes meanwhile is fine. */
    static void delete(Path folder) throws IOException {
        delete(folder, path -> true);
    }

    /** Deletes all that is in a folder but the files of that name. */
    static void deleteAllBut(Path folder, String name) throws IOException {
        delete(folder, path -> Files.isRegularFile(path) && !path.endsWith(name));
    }

    private static void delete(Path folder, Predicate<Path> which) throws IOException {
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(folder)) {
            paths = walk.filter(which).sorted(Comparator.reverseOrder()).toList();
        } catch (NoSuchFileException | UncheckedIOException e) {
            paths = List.of();
        }
        for (Path path : paths) {
            Files.deleteIfExists(path);
        }
    }
}
