package dev.culebra.bindings;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
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
            return Optional.of(load(library, value.get(), "-D" + property, surroundings, attempts));
        }
        value = surroundings.variable(variable);
        if (value.isPresent()) {
            return Optional.of(load(library, value.get(), variable, surroundings, attempts));
        }
        attempts.note("-D" + property + " and " + variable + ": not set");
        return Optional.empty();
    }

    private static LoadedLibrary load(LibraryDescription library, String value, String origin,
            Surroundings surroundings, Attempts attempts) {
        String how = "named by " + origin;
        for (Path file : candidates(library, value, surroundings.platform(), attempts)) {
            try {
                if (LibraryFile.isThere(file)) {
                    return LibraryFile.load(library, name(library, file, surroundings.platform()),
                            file.toAbsolutePath(), how, surroundings);
                }
                attempts.refused(file, how, "no such file");
            } catch (UnsatisfiedLinkError refused) {
                attempts.refused(file, how, refused.getMessage());
            }
        }
        throw new MissingLibraryException(library, attempts);
    }

    private static List<Path> candidates(LibraryDescription library, String value, Platform platform,
            Attempts attempts) {
        try {
            Path path = Path.of(value);
            return Files.isDirectory(path)
                    ? library.fileNames(platform).stream().map(name -> path.resolve(name.name())).toList()
                    : List.of(path);
        } catch (InvalidPathException invalid) {
            attempts.note(invalid.getMessage());
            return List.of();
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
