package dev.culebra.tools.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder for what nobody keeps, among the machine's temporary ones; deleted with all that is in it. */
public record ScratchFolder(Path path) implements AutoCloseable {
    /** An empty one. */
    public static ScratchFolder create() throws IOException {
        return new ScratchFolder(Files.createTempDirectory("culebra"));
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
