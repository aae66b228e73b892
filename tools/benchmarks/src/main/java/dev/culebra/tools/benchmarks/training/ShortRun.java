package dev.culebra.tools.benchmarks.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import dev.culebra.experiments.files.Json;

/**
 * What a run has told.
 *
 * @param losses of each logged step, before its update
 * @param tokensPerSecond of each logged step, those since the one before
 * @param checkpoint its last state
 */
record ShortRun(List<Double> losses, List<Double> tokensPerSecond, Path checkpoint) {
    /**
     * Reads the output of the program.
     *
     * @param output in which events are lines of JSON, and other lines are for people
     * @throws IllegalStateException if there is no step among them
     */
    static ShortRun of(String output, Path checkpoint) {
        List<JsonNode> steps = output.lines().filter(line -> line.startsWith("{")).map(ShortRun::json)
                .filter(event -> event.path("event").asText().equals("step")).toList();
        if (steps.isEmpty()) {
            throw new IllegalStateException("no step was told of: " + output);
        }
        return new ShortRun(numbers(steps, "loss"), numbers(steps, "tokens_per_second"), checkpoint);
    }

    /** exp of the last loss. */
    double perplexity() {
        return Math.exp(losses.getLast());
    }

    /** Tokens a second of the fastest interval: the first one compiles and chooses. */
    double highestTokensPerSecond() {
        return tokensPerSecond.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }

    private static List<Double> numbers(List<JsonNode> steps, String field) {
        return steps.stream().map(step -> step.get(field).asDouble()).toList();
    }

    private static JsonNode json(String line) {
        try {
            return Json.mapper().readTree(line);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
