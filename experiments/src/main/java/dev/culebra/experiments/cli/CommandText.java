package dev.culebra.experiments.cli;

import java.util.List;
import java.util.stream.Collectors;

/** A command line as it can be given to a shell again. */
final class CommandText {
    private CommandText() {}

    /** The program's command line with these arguments. */
    static String of(List<String> arguments) {
        return "java -jar experiments.jar "
                + arguments.stream().map(CommandText::quoted).collect(Collectors.joining(" "));
    }

    /** As a shell takes it. */
    static String quoted(String argument) {
        return argument.matches("[\\w@%+=:,./-]+") ? argument : "'" + argument.replace("'", "'\\''") + "'";
    }
}
