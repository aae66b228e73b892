package dev.culebra.experiments.cli;

import picocli.CommandLine.Option;

/** The options of every command. */
final class CommonOptions {
    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help and exit.", order = 101)
    private boolean help;

    @Option(names = "--stacktrace", description = "Show where an error came from.", order = 102)
    private boolean stacktrace;

    boolean stacktrace() {
        return stacktrace;
    }
}
