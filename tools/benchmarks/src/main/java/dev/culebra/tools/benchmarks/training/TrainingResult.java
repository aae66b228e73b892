package dev.culebra.tools.benchmarks.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.culebra.tools.benchmarks.MarkdownTable;

/**
 * What came of two runs of one seed.
 *
 * @param device where they were made; for a stand-in of a GPU a name that says so
 * @param run of the study
 * @param precision of the arithmetic
 * @param outcome of the two
 * @param detail why they failed, or what differs between them
 * @param steps that each made
 * @param losses of the logged steps
 * @param perplexity of the last batch
 * @param tokensPerSecond of the fastest logged interval
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record TrainingResult(String device, String run, String precision, Outcome outcome, String detail, int steps,
        List<Double> losses, double perplexity, double tokensPerSecond) {
    /** How two runs compare. */
    enum Outcome {
        /** They agree to the last bit. */
        IDENTICAL,
        /** They do not. */
        DIFFERENT,
        /** One of them failed. */
        FAILED,
        /** The time was over before. */
        CUT
    }

    static TrainingResult of(String device, String run, String precision, int steps, ShortRun first,
            List<String> different) {
        return new TrainingResult(device, run, precision, different.isEmpty() ? Outcome.IDENTICAL : Outcome.DIFFERENT,
                String.join(", ", different), steps, first.losses(), first.perplexity(),
                first.highestTokensPerSecond());
    }

    static TrainingResult failed(String device, String run, String precision, String reason) {
        return new TrainingResult(device, run, precision, Outcome.FAILED, reason, 0, List.of(), 0, 0);
    }

    static TrainingResult cut(String device, String run, String precision) {
        return new TrainingResult(device, run, precision, Outcome.CUT, "the time was over", 0, List.of(), 0, 0);
    }

    @JsonIgnore
    boolean isFailure() {
        return outcome == Outcome.FAILED || outcome == Outcome.DIFFERENT;
    }

    /** A row for people: run, precision, steps, losses, perplexity, speed, outcome. */
    List<String> cells() {
        String verdict = outcome.name().toLowerCase(Locale.ROOT)
                + (detail.isEmpty() ? "" : ": " + lastLine(detail).replace('|', '/'));
        List<String> cells = new ArrayList<>(List.of(run, precision));
        cells.addAll(losses.isEmpty()
                ? Collections.nCopies(5, "")
                : List.of(String.valueOf(steps), loss(losses.getFirst()), loss(losses.getLast()),
                        MarkdownTable.number(perplexity), MarkdownTable.number(tokensPerSecond)));
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
