package dev.culebra.experiments.cli;

import java.util.List;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.UnmatchedArgumentException;

/** What somebody may have meant who typed something else. */
final class Suggestions {
    private Suggestions() {}

    /** The one of the values that is most like {@code text}, as a part of a sentence; empty if none is like it. */
    static String among(List<String> values, String text) {
        // Picocli compares with the names of commands, so the values are dressed as such.
        CommandLine commands = new CommandLine(CommandSpec.create());
        values.forEach(value -> commands.addSubcommand(value, CommandSpec.create()));
        return of(new UnmatchedArgumentException(commands, List.of(text)).getSuggestions().stream().limit(1).toList());
    }

    /** These as a part of a sentence. */
    static String of(List<String> suggestions) {
        return suggestions.isEmpty() ? "" : " (did you mean " + String.join(" or ", suggestions) + "?)";
    }
}
