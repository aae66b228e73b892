package dev.culebra.tools.benchmarks.training;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

import com.fasterxml.jackson.databind.JsonNode;
import dev.culebra.experiments.files.Json;
import dev.culebra.tools.benchmarks.Subprocess;

/**
 * How a process came to its first training step.
 *
 * @param seconds from its start to that of the step, as whoever started it sees it
 * @param phases the seconds of each, by its name, as the program told them, and of the step itself
 */
record FirstStep(double seconds, Map<String, Double> phases) {
    /** The names of the phases: until the run starts, its text, native libraries and device, the model, the step. */
    static final List<String> PHASES = List.of("process", "data", "device", "model", "first step");

    /** Starts a program that tells its events as JSON, and waits for its end. */
    static FirstStep measure(List<String> command) {
        Listener listener = new Listener(System.nanoTime());
        Subprocess.run(command, listener::line).success();
        return listener.result();
    }

    /** Hears a program's lines. */
    static final class Listener {
        private final long begin;
        private final Map<String, Double> phases = new LinkedHashMap<>();
        private OptionalDouble seconds = OptionalDouble.empty();

        /** Of a program that was started at {@code begin}, as {@link System#nanoTime()} counts. */
        Listener(long begin) {
            this.begin = begin;
        }

        void line(String line) {
            double arrival = (System.nanoTime() - begin) / 1e9;
            event(line, "start").ifPresent(start -> start.path("start_up").properties()
                    .forEach(phase -> phases.put(phase.getKey(), phase.getValue().asDouble())));
            if (seconds.isEmpty()) {
                event(line, "step").ifPresent(step -> {
                    // When the step is told of, less what it took: that it tells itself.
                    double taken = step.get("seconds").asDouble();
                    phases.put(PHASES.getLast(), taken);
                    seconds = OptionalDouble.of(arrival - taken);
                });
            }
        }

        private static Optional<JsonNode> event(String line, String name) {
            if (!line.startsWith("{\"event\":\"" + name + "\"")) {
                return Optional.empty();
            }
            try {
                return Optional.of(Json.mapper().readTree(line));
            } catch (IOException wrong) {
                throw new IllegalStateException("no JSON: " + line, wrong);
            }
        }

        FirstStep result() {
            if (seconds.isEmpty() || !phases.keySet().containsAll(PHASES)) {
                throw new IllegalStateException("no step was told of, or not how the run started");
            }
            return new FirstStep(seconds.getAsDouble(), Map.copyOf(phases));
        }
    }
}
