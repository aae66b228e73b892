package dev.culebra.tools.benchmarks.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.culebra.tools.benchmarks.MarkdownTable;

/**
 * What came of a run, or of two of one seed.
 *
 * @param device where they were made; for a stand-in of a GPU a name that says so
 * @param run of the study
 * @param precision of the arithmetic
 * @param outcome of the run or of the two
 * @param detail why they failed, or what differs between them
 * @param steps that it made
 * @param losses of the logged steps
 * @param perplexity of the last batch
 * @param testPerplexity after its last epoch, if it ended with a whole one
 * @param tokensPerSecond of the fastest logged interval after the first
 * @param seconds of the whole process
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record TrainingResult(String device, String run, String precision, Outcome outcome, String detail, int steps,
        List<Double> losses, double perplexity, OptionalDouble testPerplexity, double tokensPerSecond,
        double seconds) {
    /** How it ended, or how two runs compare. */
    enum Outcome {
        /** It was made, once. */
        DONE,
        /** They agree to the last bit. */
        IDENTICAL,
        /** They do not. */
        DIFFERENT,
        /** One of them failed. */
        FAILED,
        /** The time was over before. */
        CUT
    }

    static TrainingResult of(String device, String run, String precision, ShortRun first, Outcome outcome,
            String detail) {
        return new TrainingResult(device, run, precision, outcome, detail, first.steps(), first.losses(),
                first.perplexity(), first.testPerplexity(), first.highestTokensPerSecond(), first.seconds());
    }

    static TrainingResult failed(String device, String run, String precision, String reason) {
        return without(device, run, precision, Outcome.FAILED, reason);
    }

    static TrainingResult cut(String device, String run, String precision) {
        return without(device, run, precision, Outcome.CUT, "the time was over");
    }

    private static TrainingResult without(String device, String run, String precision, Outcome outcome,
            String reason) {
        return new TrainingResult(device, run, precision, outcome, reason, 0, List.of(), 0, OptionalDouble.empty(), 0,
                0);
    }

    @JsonIgnore
    boolean isFailure() {
        return outcome == Outcome.FAILED || outcome == Outcome.DIFFERENT;
    }

    /** A row for people: run, precision, steps, losses, perplexities, speed, seconds, outcome. */
    List<String> cells() {
        String verdict = outcome.name().toLowerCase(Locale.ROOT)
                + (detail.isEmpty() ? "" : ": " + lastLine(detail).replace('|', '/'));
        List<String> cells = new ArrayList<>(List.of(run, precision));
        cells.addAll(losses.isEmpty()
                ? Collections.nCopies(7, "")
                : List.of(String.valueOf(steps), loss(losses.getFirst()), loss(losses.getLast()),
                        MarkdownTable.number(perplexity),
                        testPerplexity.isPresent() ? MarkdownTable.number(testPerplexity.getAsDouble()) : "",
                        MarkdownTable.number(tokensPerSecond), MarkdownTable.number(seconds)));
        cells.add(verdict);
        return cells;
    }

    /** The program ends with its error. */
    private static String lastLine(String text) {
        return text.lines().filter(line -> !line.isBlank()).reduce("", (earlier, later) -> later);
    }

    private static String loss(double loss) {
        return String.format(Locale.ROOT, "%.4f", loss);
    }
}
