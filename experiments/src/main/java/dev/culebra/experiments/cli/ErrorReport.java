package dev.culebra.experiments.cli;

import java.io.PrintStream;
import java.util.List;

import dev.culebra.experiments.failure.InterruptedRunException;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Tells what went wrong: one line that says what to do next, and all of it with {@code --stacktrace}.
 *
 * @param err where
 * @param arguments of the command line
 */
record ErrorReport(PrintStream err, List<String> arguments) {
    /** Tells a failure of a command; returns the exit code. */
    int failure(Throwable failure) {
        if (failure instanceof InterruptedRunException) {
            err.println(failure.getMessage() + (beginsAnew() ? ". Begin anew with: " : ". Continue with: ")
                    + continuation());
        } else {
            err.println("error: " + ErrorText.of(failure));
        }
        if (arguments.contains("--stacktrace")) {
            failure.printStackTrace(err);
        }
        return ErrorText.exitCode(failure);
    }

    private String continuation() {
        String command = CommandText.of(arguments);
        return resumesByItself() || arguments.contains("--resume") ? command : command + " --resume";
    }

    private boolean beginsAnew() {
        return List.of("evaluate", "generate").contains(arguments.getFirst());
    }

    private boolean resumesByItself() {
        return beginsAnew() || arguments.getFirst().equals("all")
                || arguments.size() > 1 && arguments.subList(0, 2).equals(List.of("data", "prepare"));
    }

    /** Tells wrong usage; returns the exit code. */
    int usage(ParameterException failure) {
        CommandLine command = failure.getCommandLine();
        err.println("error: " + withSuggestions(failure) + "; '" + command.getCommandSpec().qualifiedName()
                + " --help' shows what there is");
        if (arguments.contains("--stacktrace")) {
            failure.printStackTrace(err);
        }
        return ExitCode.BAD_INPUT;
    }

    private static String withSuggestions(ParameterException failure) {
        // Picocli begins some of its messages with a word that is there already.
        String message = String.valueOf(failure.getMessage()).lines().findFirst().orElse("bad usage")
                .replaceFirst("^Error: ", "");
        return message + switch (failure) {
            case UnmatchedArgumentException unmatched -> Suggestions.of(unmatched.getSuggestions());
            // What is missing may be there under a name that is none.
            case MissingParameterException missing when !missing.getCommandLine().getUnmatchedArguments().isEmpty() ->
                "; unknown: " + missing.getCommandLine().getUnmatchedArguments().getFirst()
                        + Suggestions.of(new UnmatchedArgumentException(missing.getCommandLine(),
                                missing.getCommandLine().getUnmatchedArguments()).getSuggestions());
            default -> "";
        };
    }
}
