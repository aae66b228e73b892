package dev.culebra.experiments.cli;

import java.util.List;

import dev.culebra.experiments.failure.BadInputException;
import dev.culebra.experiments.failure.InterruptedRunException;
import dev.culebra.experiments.failure.RunFailedException;

/** What is said of an exception: one line, with what to do next. */
final class ErrorText {
    private static final String PROJECT = "dev.culebra.";

    private ErrorText() {}

    static String of(Throwable failure) {
        return switch (failure) {
            case ExceptionInInitializerError e when e.getCause() != null -> of(e.getCause());
            case BadInputException e -> e.getMessage();
            case RunFailedException e -> e.getMessage();
            case InterruptedRunException e -> e.getMessage();
            // A device's, which says itself what would help.
            case OutOfMemoryError e when e.getCause() != null -> of(e.getCause());
            case OutOfMemoryError e ->
                "out of memory (" + oneLine(e) + "); use a smaller --batch-size, or give Java more "
                        + "with -Xmx";
            case Throwable e when e.getClass().getName().startsWith(PROJECT) -> oneLine(e);
            default -> "unexpected " + failure.getClass().getSimpleName() + ": " + oneLine(failure)
                    + " (--stacktrace shows where)";
        };
    }

    /** Messages of native libraries may have many lines: the first says what, the last what to do. */
    private static String oneLine(Throwable failure) {
        List<String> lines = String.valueOf(failure.getMessage()).lines().filter(line -> !line.isBlank()).toList();
        return lines.size() < 2
                ? String.join("", lines)
                // What a missing library's message lists is between the two.
                : lines.getFirst().replaceFirst(" Tried:$", "") + " " + lines.getLast()
                        + " (--stacktrace shows all of it)";
    }

    static int exitCode(Throwable failure) {
        return switch (failure) {
            case BadInputException _ -> ExitCode.BAD_INPUT;
            case InterruptedRunException _ -> ExitCode.INTERRUPTED;
            default -> ExitCode.FAILED;
        };
    }
}
