package dev.culebra.experiments.run;

import java.io.PrintStream;
import java.util.Optional;

/**
 * Shows several runs as lines that begin with the run's name.
 *
 * @param people where lines go
 * @param events where each event goes as a JSON object that names its run, if anywhere
 */
public record StudyLines(PrintStream people, Optional<PrintStream> events) implements StudyDisplay {
    @Override
    public RunListener of(String run) {
        PlainDisplay lines = new PlainDisplay(people, run + " | ");
        return events.<RunListener>map(stream -> new JsonDisplay(stream, lines, Optional.of(run))).orElse(lines);
    }

    @Override
    public void note(String sentence) {
        people.println(sentence);
    }

    @Override
    public void close() {}
}
