package dev.culebra.experiments.cli;

import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

import dev.culebra.experiments.run.BarDisplay;
import dev.culebra.experiments.run.Interruption;
import dev.culebra.experiments.run.JsonDisplay;
import dev.culebra.experiments.run.PlainDisplay;
import dev.culebra.experiments.run.RunListener;
import dev.culebra.experiments.run.StudyBoard;
import dev.culebra.experiments.run.StudyDisplay;
import dev.culebra.experiments.run.StudyLines;

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

    /** What shows several runs of these names: a line for each that goes on, on a terminal, else lines now and then. */
    StudyDisplay display(boolean json, List<String> runs) {
        return terminal && !json
                ? new StudyBoard(out, runs)
                : new StudyLines(people(json), json ? Optional.of(out) : Optional.empty());
    }

    /** Where sentences for people go. */
    PrintStream people(boolean json) {
        return json ? err : out;
    }
}
