package dev.culebra.experiments.study;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.culebra.experiments.data.BreakMode;
import dev.culebra.experiments.files.Json;
import dev.culebra.runtime.Precision;

/**
 * Everything that decides the numbers of a run, as it was asked for. Its JSON has one section per component; the names
 * in the sections are those of the command line's options.
 *
 * @param name of the run, such as {@code exp1}
 * @param model which model
 * @param optimization how it learns
 * @param data from what
 * @param run where and for how long
 */
public record Configuration(String name, ModelSettings model, OptimizationSettings optimization, DataSettings data,
        RunSettings run) {
    /** The name of the run that {@code data embeddings} makes, which learns what others read. */
    public static final String EMBEDDINGS = "embeddings";

    /** The settings of one of the study's runs. */
    public static Configuration of(Experiment experiment) {
        return defaults(experiment.toString(), experiment.model(), OptionalInt.of(experiment.layers()),
                experiment.optimizer());
    }

    /** The study's settings for any model, the number of layers left open. */
    public static Configuration of(ModelKind model) {
        return defaults(model.toString(), model, OptionalInt.empty(), OptimizerKind.ADAM);
    }

    private static Configuration defaults(String name, ModelKind model, OptionalInt layers, OptimizerKind optimizer) {
        return new Configuration(name,
                new ModelSettings(model, layers, OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(),
                        OptionalInt.empty(), Optional.empty(), 0, false, Optional.empty(), Optional.empty()),
                new OptimizationSettings(optimizer, 1e-3, optimizer.defaultWeightDecay(), 0.9, List.of(0.9, 0.999),
                        1e-8,
                        Schedule.CONSTANT, 0, OptionalDouble.empty()),
                new DataSettings(Optional.empty(), BreakMode.NONE, 256, 16, true),
                new RunSettings("auto", Precision.FP32, 10, OptionalLong.empty(), 42));
    }

    /** The same with another seed. */
    public Configuration withSeed(long seed) {
        return new Configuration(name, model, optimization, data, run.withSeed(seed));
    }

    /** This as JSON. */
    public ObjectNode toJson() {
        return Json.tree(this);
    }

    /** All settings by their option's name, without the leading dashes. */
    public Map<String, JsonNode> settings() {
        return settings(toJson());
    }

    /** What stands in no section, as the list of a run's starts does, is no setting. */
    private static Map<String, JsonNode> settings(JsonNode json) {
        Map<String, JsonNode> settings = new TreeMap<>();
        for (JsonNode section : json) {
            section.properties().forEach(setting -> settings.put(setting.getKey(), setting.getValue()));
        }
        return settings;
    }

    /**
     * In what a run that continues another one with the JSON {@code saved} would differ from it. With a constant
     * schedule the run's length is no difference: its steps are the same, only more or fewer.
     *
     * @return one "name (was x, now y)" for each setting; empty if the runs are the same
     */
    public List<String> differences(JsonNode saved) {
        Map<String, JsonNode> before = settings(saved);
        return settings().entrySet().stream()
                .filter(now -> optimization.schedule() != Schedule.CONSTANT || !isLength(now.getKey()))
                .filter(now -> !now.getValue().equals(before.get(now.getKey())))
                .map(now -> now.getKey() + " (was " + text(before.get(now.getKey())) + ", now " + text(now.getValue())
                        + ")")
                .toList();
    }

    private static boolean isLength(String setting) {
        return setting.equals("epochs") || setting.equals("max-steps");
    }

    private static String text(JsonNode value) {
        return value == null || value.isNull() ? "unset" : value.isTextual() ? value.asText() : value.toString();
    }
}
