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
final class ConfiguredPath {
    private ConfiguredPath() {}

    /**
     * Loads the library from its configured path.
     *
     * @return nothing where no path is configured
     * @throws MissingLibraryException if the path is no good
     */
    static Optional<LoadedLibrary> find(LibraryDescription library, Surroundings surroundings, Attempts attempts) {
        String property = "culebra." + library.key() + ".path";
        String variable = "CULEBRA_" + library.key().toUpperCase(Locale.ROOT) + "_PATH";
        Optional<String> value = surroundings.property(property);
        if (value.isPresent()) {
            return Optional.of(load(library, value.get(), "-D" + property, surroundings));
        }
        value = surroundings.variable(variable);
        if (value.isPresent()) {
            return Optional.of(load(library, value.get(), variable, surroundings));
        }
        attempts.note("-D" + property + " and " + variable + ": not set");
        return Optional.empty();
    }

    private static LoadedLibrary load(LibraryDescription library, String value, String origin,
            Surroundings surroundings) {
        List<String> failures = new ArrayList<>();
        for (Path file : candidates(library, value, surroundings.platform())) {
            if (!Files.isRegularFile(file)) {
                failures.add(file + " (from " + origin + "): no such file");
                continue;
            }
            try {
                return LibraryFile.load(library, name(library, file, surroundings.platform()), file.toAbsolutePath(),
                        "named by " + origin, surroundings);
            } catch (UnsatisfiedLinkError refused) {
                failures.add(file + " (from " + origin + "): " + refused.getMessage());
            }
        }
        throw new MissingLibraryException(library, failures);
    }

    private static List<Path> candidates(LibraryDescription library, String value, Platform platform) {
        try {
            Path path = Path.of(value);
            return Files.isDirectory(path)
                    ? library.fileNames(platform).stream().map(name -> path.resolve(name.name())).toList()
                    : List.of(path);
        } catch (InvalidPathException invalid) {
            throw new MissingLibraryException(library, List.of(invalid.getMessage()));
        }
    }

    /** The version that the file's name tells; a file with a name of its own needs nothing beside it. */
    private static LibraryFileName name(LibraryDescription library, Path file, Platform platform) {
        List<LibraryFileName> names = library.fileNames(platform);
        return names.stream().filter(name -> name.isOf(file)).findFirst()
                .orElseGet(() -> new LibraryFileName(file.getFileName().toString(),
                        names.stream().limit(1).flatMap(name -> name.before().stream()).toList(), List.of()));
    }
}
