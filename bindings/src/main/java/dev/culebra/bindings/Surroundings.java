package dev.culebra.bindings;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What decides where libraries are looked for.
 *
 * @param platform the operating system and processor
 * @param variables environment variables
 * @param properties system properties
 * @param root the folder that absolute places such as {@code /usr/local} start from
 */
public record Surroundings(Platform platform, Map<String, String> variables, Map<String, String> properties,
        Path root) {

    /** A copy of the maps, which stays as it is. */
    public Surroundings {
        variables = Map.copyOf(variables);
        properties = Map.copyOf(properties);
    }

    /** What this process sees now. */
    public static Surroundings ofProcess() {
        Map<String, String> properties = new HashMap<>();
        System.getProperties().stringPropertyNames().forEach(name -> properties.put(name, System.getProperty(name)));
        return new Surroundings(Platform.current(), System.getenv(), properties, Path.of("/"));
    }

    /** An environment variable that is set and not empty. */
    Optional<String> variable(String name) {
        return Optional.ofNullable(variables.get(name)).filter(value -> !value.isEmpty());
    }

    /** A system property that is set and not empty. */
    Optional<String> property(String name) {
        return Optional.ofNullable(properties.get(name)).filter(value -> !value.isEmpty());
    }

    /** The path in a system property, unless it is no path at all. */
    Optional<Path> propertyPath(String name) {
        return property(name).flatMap(Surroundings::path);
    }

    /** The path in an environment variable, unless it is no path at all. */
    Optional<Path> variablePath(String name) {
        return variable(name).flatMap(Surroundings::path);
    }

    /** The folders of an environment variable that lists them, such as {@code PATH}. */
    List<Path> variablePaths(String name) {
        String separator = platform.system() == Platform.System.WINDOWS ? ";" : ":";
        return Stream.of(variable(name).orElse("").split(Pattern.quote(separator))).filter(entry -> !entry.isEmpty())
                .flatMap(entry -> path(entry).stream()).toList();
    }

    /** A place below the root, such as {@code usr/local}. */
    Path below(String place) {
        return root.resolve(place);
    }

    /** The folder that the process works in. */
    Path workingFolder() {
        return propertyPath("user.dir").orElse(root).toAbsolutePath();
    }

    /** The user's own folder. */
    Path home() {
        return propertyPath("user.home").orElse(root);
    }

    private static Optional<Path> path(String text) {
        try {
            return Optional.of(Path.of(text));
        } catch (InvalidPathException noPath) {
            return Optional.empty();
        }
    }
}
