package dev.culebra.experiments.cli;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A command line as it can be given to a shell again. */
final class CommandText {
    private CommandText() {}

    /** The program's command line with these arguments, for a shell in this folder. */
    static String of(List<String> arguments) {
        return of(jarFile(), Path.of("").toAbsolutePath(), arguments);
    }

    /** The same where this runs from {@code jar}, with a shell in {@code folder}. */
    static String of(Optional<Path> jar, Path folder, List<String> arguments) {
        return "java -jar " + quoted(jar.map(file -> file.startsWith(folder) ? folder.relativize(file) : file))
                + arguments.stream().map(argument -> " " + quoted(argument)).collect(Collectors.joining());
    }

    /** The jar that this runs from, for a shell in any folder. */
    static String jar() {
        return quoted(jarFile());
    }

    private static String quoted(Optional<Path> jar) {
        return quoted(jar.map(Path::toString).orElse("experiments.jar"));
    }

    /** As a shell takes it. */
    static String quoted(String argument) {
        return argument.matches("[\\w@%+=:,./-]+") ? argument : "'" + argument.replace("'", "'\\''") + "'";
    }

    /** Nothing where classes run from a folder, as they do in tests. */
    private static Optional<Path> jarFile() {
        return Optional.ofNullable(CommandText.class.getProtectionDomain().getCodeSource())
                .map(CodeSource::getLocation).map(location -> {
                    try {
                        return Path.of(location.toURI());
                    } catch (URISyntaxException e) {
                        throw new IllegalStateException(e);
                    }
                }).filter(Files::isRegularFile);
    }
}
