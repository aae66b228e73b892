package dev.culebra.experiments.cli;

import java.io.PrintStream;
import java.util.Optional;

import dev.culebra.experiments.run.BarDisplay;
import dev.culebra.experiments.run.Interruption;
import dev.culebra.experiments.run.JsonDisplay;
import dev.culebra.experiments.run.PlainDisplay;
import dev.culebra.experiments.run.RunListener;

/**
 * Where a command's output goes, and what may interrupt it.
 *
 * @param out standard output
 * @param err standard error
 * @param terminal whether standard output is a terminal
 * @param interruption asks runs to stop
 */
public record Console(PrintStream out, PrintStream err, boolean terminal, Interruption interruption) {
    /** What shows a run: a bar on a terminal, else lines; with {@code json}, events for programs. */
    RunListener display(boolean json) {
        return json
                ? new JsonDisplay(out, new PlainDisplay(err, ""), Optional.empty())
                : terminal ? new BarDisplay(out) : new PlainDisplay(out, "");
    }

    /** What shows one of several runs. */
    RunListener display(boolean json, String run, boolean atOnce) {
        PlainDisplay lines = new PlainDisplay(people(json), atOnce ? run + " | " : "");
        return json ? new JsonDisplay(out, lines, Optional.of(run)) : terminal && !atOnce ? new BarDisplay(out) : lines;
    }

    /** Where sentences for people go. */
    PrintStream people(boolean json) {
        return json ? err : out;
    }
}
