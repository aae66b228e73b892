package dev.culebra.nn.checkpoint;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;

import dev.culebra.nn.GptModelSpec;
import dev.culebra.nn.LanguageModel;
import dev.culebra.nn.LstmModelSpec;
import dev.culebra.nn.ModelOptimizer;
import dev.culebra.nn.ModelSpec;
import dev.culebra.nn.NamedParameter;
import dev.culebra.nn.ParameterStore;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;

/**
 * A model, and what its training needs to go on, in a safetensors file.
 *
 * <p>Weights have the names of EXPERIMENTS.md and PyTorch's layout, frozen ones included, so that PyTorch reads them
 * as a state dictionary. The optimiser's state lies beside them as {@code optimizer.{slot}.{name}}, such as
 * {@code optimizer.exp_avg.classifier.0.weight}. Values are stored in the type they have, so that training goes on
 * bit-identically. The metadata says {@code model}, {@code layers} and, for a GPT, {@code heads} and {@code gelu}; the
 * optimiser's step is {@code optimizer_step}.
 *
 * <p>An open checkpoint reads any file with these weights, of whatever type and origin, and GPT-1 as Hugging
 * Face's {@code transformers} write it: GELU is then of the tanh form, and ids are the study's. Close it after use.
 */
public final class Checkpoint implements Closeable {
    static final String OPTIMIZER_PREFIX = "optimizer.";

    private static final String OPTIMIZER_STEP = "optimizer_step";

    private final SafetensorsReader reader;
    private final ModelLayout layout;

    private Checkpoint(SafetensorsReader reader) {
        this.reader = reader;
        this.layout = ModelLayout.of(reader);
    }

    /**
     * Writes a model, at once or not at all.
     *
     * @param optimizer the optimiser, where training is to go on from this file
     * @param metadata what else the caller wants to find again in {@link #metadata()}
     * @throws IOException if the file cannot be written; an old one is then still there
     */
    public static void save(Path file, LanguageModel model, Optional<ModelOptimizer> optimizer,
            Map<String, String> metadata) throws IOException {
        Map<String, String> strings = describe(model.spec());
        optimizer.ifPresent(o -> strings.put(OPTIMIZER_STEP, Long.toString(o.step())));
        for (Map.Entry<String, String> entry : metadata.entrySet()) {
            if (strings.put(entry.getKey(), entry.getValue()) != null) {
                throw new IllegalArgumentException("the checkpoint itself says its '" + entry.getKey() + "'");
            }
        }
        Map<String, Tensor> tensors = new LinkedHashMap<>(weights(model.parameters()));
        optimizer.ifPresent(o -> tensors.putAll(state(o)));
        SafetensorsWriter.write(file, strings, tensors);
    }

    private static Map<String, String> describe(ModelSpec spec) {
        Map<String, String> strings = new LinkedHashMap<>();
        // What libraries on top of safetensors expect of files whose tensors lie as PyTorch's do.
        strings.put("format", "pt");
        strings.put("producer", "culebra");
        strings.put("model", spec.label());
        strings.put("layers", Integer.toString(spec.layers()));
        switch (spec) {
            case LstmModelSpec lstm -> strings.put("hidden_size", Integer.toString(lstm.hiddenSize()));
            case GptModelSpec gpt -> {
                strings.put(ModelInference.HEADS, Integer.toString(gpt.heads()));
                strings.put(ModelInference.GELU, gpt.gelu().label());
            }
        }
        return strings;
    }

    private static Map<String, Tensor> weights(ParameterStore parameters) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (NamedParameter parameter : parameters.named()) {
            tensors.put(parameter.name(), parameter.value());
        }
        return tensors;
    }

    private static Map<String, Tensor> state(ModelOptimizer optimizer) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (String slot : optimizer.slots()) {
            for (NamedParameter parameter : optimizer.parameters().named()) {
                if (parameter.trainable()) {
                    tensors.put(OPTIMIZER_PREFIX + slot + "." + parameter.name(), optimizer.state(slot, parameter));
                }
            }
        }
        return tensors;
    }

    /**
     * Opens a file and checks that it is a sound safetensors file.
     *
     * @throws SafetensorsException if it is not
     */
    public static Checkpoint open(Path file) throws IOException {
        return new Checkpoint(SafetensorsReader.open(file));
    }

    /** The file's strings. */
    public Map<String, String> metadata() {
        return reader.metadata();
    }

    /**
     * The architecture of the stored model, from the names and shapes of its tensors.
     *
     * @param heads the number of attention heads of a GPT, if it is to be another than the metadata's
     * @throws SafetensorsException if the file holds no language model of a known kind, or does not tell its heads
     */
    public ModelSpec spec(OptionalInt heads) throws SafetensorsException {
        return layout.spec(heads);
    }

    /**
     * Overwrites all weights of a model, rounding to its parameters' type where that is narrower.
     *
     * @throws SafetensorsException if tensors are missing, extra or of another shape, listing all of them; the model
     *     is then unchanged
     */
    public void loadWeights(LanguageModel model) throws IOException {
        loadWeights(model.parameters());
    }

    /** The same for the parameters of a model of any kind. */
    public void loadWeights(ParameterStore parameters) throws IOException {
        List<StoredWeight> expected = new ArrayList<>();
        weights(parameters).forEach((name, value) -> expected.add(layout.weight(name, value)));
        Map<String, Shape> shapes = new LinkedHashMap<>();
        expected.forEach(weight -> shapes.put(weight.name(), weight.shape()));
        requireSame("model", shapes, layout.weightNames());
        for (StoredWeight weight : expected) {
            weight.reading().run();
        }
    }

    /**
     * Overwrites an optimiser's state and step.
     *
     * @throws SafetensorsException if the file holds no state or that of another optimiser or model; the optimiser is
     *     then unchanged
     */
    public void loadOptimizer(ModelOptimizer optimizer) throws IOException {
        Map<String, Tensor> expected = state(optimizer);
        List<String> stored = reader.entries().stream().map(TensorEntry::name)
                .filter(name -> name.startsWith(OPTIMIZER_PREFIX)).toList();
        Map<String, Shape> shapes = new LinkedHashMap<>();
        expected.forEach((name, state) -> shapes.put(name, state.shape()));
        requireSame("optimiser", shapes, stored);
        long step = optimizerStep();
        for (Map.Entry<String, Tensor> entry : expected.entrySet()) {
            reader.read(entry.getKey(), entry.getValue());
        }
        optimizer.resumeAt(step);
    }

    private long optimizerStep() throws SafetensorsException {
        String step = metadata().getOrDefault(OPTIMIZER_STEP, "");
        if (!step.matches("\\d{1,18}")) {
            throw new SafetensorsException(reader.file(),
                    "training cannot go on from it: it does not say the optimiser's step");
        }
        return Long.parseLong(step);
    }

    private void requireSame(String what, Map<String, Shape> expected, List<String> stored)
            throws SafetensorsException {
        List<String> problems = new ArrayList<>();
        TreeSet<String> missing = new TreeSet<>(expected.keySet());
        stored.forEach(missing::remove);
        TreeSet<String> extra = new TreeSet<>(stored);
        extra.removeAll(expected.keySet());
        if (!missing.isEmpty()) {
            problems.add("missing: " + String.join(", ", missing));
        }
        if (!extra.isEmpty()) {
            problems.add("extra: " + String.join(", ", extra));
        }
        for (Map.Entry<String, Shape> entry : expected.entrySet()) {
            reader.entry(entry.getKey()).filter(found -> !found.shape().equals(entry.getValue()))
                    .ifPresent(other -> problems.add("of another shape: " + entry.getKey() + " " + other.shape()
                            + " instead of " + entry.getValue()));
        }
        if (!problems.isEmpty()) {
            throw new SafetensorsException(reader.file(),
                    "its tensors are not those of this " + what + "; " + String.join("; ", problems));
        }
    }

    /** Closes the file; a second call does nothing. */
    @Override
    public void close() throws IOException {
        reader.close();
    }
}
