package dev.culebra.tools.benchmarks.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.culebra.experiments.files.Json;

/**
 * What a run has told.
 *
 * @param steps that it made
 * @param losses of each logged step, before its update
 * @param tokensPerSecond of each logged step, those since the one before
 * @param testPerplexity after its last epoch, if it ended with a whole one
 * @param seconds of the process from its start to its end
 * @param checkpoint its last state
 */
record ShortRun(int steps, List<Double> losses, List<Double> tokensPerSecond, OptionalDouble testPerplexity,
        double seconds, Path checkpoint) {
    /**
     * Reads the output of the program.
     *
     * @param output in which events are lines of JSON, and other lines are for people
     * @throws IllegalStateException if there is no step among them
     */
    static ShortRun of(String output, double seconds, Path checkpoint) {
        List<JsonNode> events = output.lines().filter(line -> line.startsWith("{")).map(ShortRun::json).toList();
        List<JsonNode> steps = select(events, "step").toList();
        if (steps.isEmpty()) {
            throw new IllegalStateException("no step was told of: " + output);
        }
        OptionalDouble testPerplexity = select(events, "evaluation")
                .mapToDouble(event -> event.get("perplexity").asDouble()).findFirst();
        return new ShortRun(steps.getLast().get("step").asInt(), numbers(steps, "loss"),
                numbers(steps, "tokens_per_second"), testPerplexity, seconds, checkpoint);
    }

    private static Stream<JsonNode> select(List<JsonNode> events, String kind) {
        return events.stream().filter(event -> event.path("event").asText().equals(kind));
    }

    /** exp of the last loss. */
    double perplexity() {
        return Math.exp(losses.getLast());
    }

    /** Tokens a second of the fastest interval but the first, which compiles, chooses and records, unless there is no other. */
    double highestTokensPerSecond() {
        return tokensPerSecond.stream().skip(tokensPerSecond.size() > 1 ? 1 : 0).mapToDouble(Double::doubleValue).max()
                .orElseThrow();
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
