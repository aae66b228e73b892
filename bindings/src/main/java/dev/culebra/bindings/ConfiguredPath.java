package dev.culebra.bindings;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The path somebody configured: the property {@code culebra.<key>.path}, else the environment variable
 * {@code CULEBRA_<KEY>_PATH}. It names a file, or a folder that holds a file of one of the library's names. Nothing
 * else will do in its place.
 */
public record ConfiguredPath() implements LibrarySource {

    @Override
    public Optional<LoadedLibrary> find(LibraryDescription library, List<String> tried) {
        String property = "culebra." + library.key() + ".path";
        String variable = "CULEBRA_" + library.key().toUpperCase(Locale.ROOT) + "_PATH";
        String value = System.getProperty(property, "");
        String origin = "-D" + property;
        if (value.isEmpty()) {
            value = Optional.ofNullable(System.getenv(variable)).orElse("");
            origin = variable;
        }
        if (value.isEmpty()) {
            tried.add("-D" + property + " and " + variable + ": not set");
            return Optional.empty();
        }
        return Optional.of(load(library, value, origin));
    }

    private static LoadedLibrary load(LibraryDescription library, String value, String origin) {
        List<String> failures = new ArrayList<>();
        for (Path file : candidates(library, value)) {
            if (!Files.isRegularFile(file)) {
                failures.add(file + " (from " + origin + "): no such file");
                continue;
            }
            try {
                return LibraryFile.load(library, file.toAbsolutePath(), "named by " + origin);
            } catch (UnsatisfiedLinkError refused) {
                failures.add(file + " (from " + origin + "): " + refused.getMessage());
            }
        }
        throw new MissingLibraryException(library, failures);
    }

    private static List<Path> candidates(LibraryDescription library, String value) {
        try {
            Path path = Path.of(value);
            return Files.isDirectory(path)
                    ? library.fileNamesHere().stream().map(path::resolve).toList()
                    : List.of(path);
        } catch (InvalidPathException invalid) {
            throw new MissingLibraryException(library, List.of(invalid.getMessage()));
        }
    }
}
