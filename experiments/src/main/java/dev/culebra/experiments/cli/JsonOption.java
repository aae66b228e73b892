package dev.culebra.experiments.cli;

import picocli.CommandLine.Option;

/** The option of commands whose results programs can read. */
final class JsonOption {
    @Option(names = "--json", order = 100, description = "One JSON object per event on standard output, everything else on standard error.")
    private boolean json;

    boolean json() {
        return json;
    }
}
