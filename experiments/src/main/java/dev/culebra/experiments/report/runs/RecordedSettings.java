package dev.culebra.experiments.report.runs;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.culebra.experiments.failure.BadInputException;
import dev.culebra.experiments.study.Configuration;
import dev.culebra.experiments.study.Experiment;
import dev.culebra.experiments.study.LimitedSetting;
import dev.culebra.experiments.study.ModelKind;
import dev.culebra.experiments.study.OptimizerKind;

/**
 * The settings of a run as its {@code config.json} tells them. What an older or newer program wrote differently does not
 * keep it from being read: only model and optimiser must be there.
 *
 * @param name the run's name
 * @param model which model
 * @param layers L, where the file says it
 * @param optimizer which update
 * @param values all settings that model and optimiser have a use for, by their option's name
 */
public record RecordedSettings(String name, ModelKind model, OptionalInt layers, OptimizerKind optimizer,
        Map<String, JsonNode> values) {
    private static final List<String> SECTIONS = List.of("model", "optimization", "data", "run");
    /** Settings that say where and for how long, not how a model learns. */
    private static final Set<String> CIRCUMSTANCES = Set.of("seed", "device", "precision", "data", "embeddings",
            "epochs", "max-steps");

    /**
     * Reads them.
     *
     * @param folder of the run, for messages and where it has no name
     * @throws BadInputException if they are not those of a run
     */
    static RecordedSettings of(JsonNode json, String folder) {
        Map<String, JsonNode> values = new TreeMap<>();
        for (String section : SECTIONS) {
            json.path(section).properties().forEach(setting -> values.put(setting.getKey(), setting.getValue()));
        }
        ModelKind model = choice(ModelKind.values(), values, "model");
        // A checkpoint that a run begins with may decide the number of layers.
        OptionalInt layers = isSet(values, "layers")
                ? OptionalInt.of(values.get("layers").asInt())
                : isSet(values, "init-from") ? OptionalInt.empty() : OptionalInt.of(1);
        OptimizerKind optimizer = choice(OptimizerKind.values(), values, "optimizer");
        // 'all' takes them for the runs that have a use for them, and every run's file then says them.
        LimitedSetting.ALL.stream().filter(setting -> !setting.applies().test(model, optimizer))
                .forEach(setting -> values.remove(setting.name()));
        return new RecordedSettings(json.path("name").asText(folder), model, layers, optimizer, values);
    }

    private static <T> T choice(T[] choices, Map<String, JsonNode> values, String name) {
        String value = values.getOrDefault(name, MissingNode.getInstance()).asText();
        return Arrays.stream(choices).filter(choice -> choice.toString().equals(value)).findFirst()
                .orElseThrow(() -> new BadInputException("config.json has no " + name + " that a run can have"));
    }

    private static boolean isSet(Map<String, JsonNode> values, String name) {
        return values.containsKey(name) && !values.get(name).isNull();
    }

    /** A setting, if it was asked for. */
    public Optional<JsonNode> value(String name) {
        return isSet(values, name) ? Optional.of(values.get(name)) : Optional.empty();
    }

    /** The run of the study with this model, depth and optimiser, whatever else differs. */
    public Optional<Experiment> experiment() {
        return Arrays.stream(Experiment.values()).filter(experiment -> experiment.model() == model
                && OptionalInt.of(experiment.layers()).equals(layers) && experiment.optimizer() == optimizer)
                .findFirst();
    }

    /** Whether it is the run of {@code data embeddings}, which learns what the others read. */
    public boolean madeEmbeddings() {
        return name.equals(Configuration.EMBEDDINGS);
    }

    /** How many epochs were asked for. */
    public int epochs() {
        return value("epochs").map(JsonNode::asInt).orElse(0);
    }

    /** After how many steps it was to end even so. */
    public OptionalLong maxSteps() {
        return value("max-steps").map(value -> OptionalLong.of(value.asLong())).orElse(OptionalLong.empty());
    }

    /** The seed. */
    public String seed() {
        return value("seed").map(JsonNode::asText).orElse("?");
    }

    /**
     * How this run learns otherwise than the study's runs of its model and optimiser do: the settings' names with this
     * run's values.
     */
    public Map<String, JsonNode> departures() {
        Configuration study = experiment().map(Configuration::of).orElseGet(() -> Configuration.of(model));
        Map<String, JsonNode> standard = study.settings();
        Map<String, JsonNode> departures = new TreeMap<>();
        values.forEach((name, value) -> {
            boolean ownStandard = name.equals("weight-decay") && value.asDouble() == optimizer.defaultWeightDecay();
            boolean shown = List.of("model", "layers", "optimizer").contains(name);
            if (!CIRCUMSTANCES.contains(name) && !shown && !ownStandard && standard.containsKey(name)
                    && !value.equals(standard.get(name))) {
                departures.put(name, value);
            }
        });
        return departures;
    }

    /** Whether the other run has the same settings, {@code except} some. */
    public boolean equalsExcept(RecordedSettings other, Set<String> except) {
        return without(except).equals(other.without(except));
    }

    private Map<String, JsonNode> without(Set<String> names) {
        Map<String, JsonNode> rest = new TreeMap<>(values);
        rest.keySet().removeAll(names);
        return rest;
    }
}
