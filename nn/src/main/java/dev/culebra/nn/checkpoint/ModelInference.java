package dev.culebra.nn.checkpoint;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import dev.culebra.nn.Gelu;
import dev.culebra.nn.ModelSpec;
import dev.culebra.runtime.Shape;

/** What a file tells of a model's architecture: the names and shapes of its tensors, and its metadata. */
final class ModelInference {
    static final String HEADS = "heads";
    static final String GELU = "gelu";

    private final SafetensorsReader reader;

    ModelInference(SafetensorsReader reader) {
        this.reader = reader;
    }

    /** The shape of a matrix that every model of its kind has. */
    Shape matrix(String name) throws SafetensorsException {
        Shape shape = reader.entry(name).map(TensorEntry::shape)
                .orElseThrow(() -> failure("holds no complete language model: it has no tensor '" + name + "'"));
        if (shape.rank() != 2 || shape.elements() == 0) {
            throw failure("tensor '" + name + "' should be a matrix, but is " + shape);
        }
        return shape;
    }

    /** How many tensors there are of that name, numbered from 0 on. */
    int count(String pattern) {
        return IntStream.iterate(0, i -> i + 1).dropWhile(i -> reader.entry(pattern.formatted(i)).isPresent())
                .findFirst().getAsInt();
    }

    /** The number of attention heads in the metadata, if it is there. */
    OptionalInt heads() throws SafetensorsException {
        Map<String, String> metadata = reader.metadata();
        if (!metadata.containsKey(HEADS)) {
            return OptionalInt.empty();
        }
        try {
            return OptionalInt.of(Integer.parseInt(metadata.get(HEADS)));
        } catch (NumberFormatException e) {
            throw failure("its metadata gives '" + metadata.get(HEADS) + "' attention heads");
        }
    }

    /** The number of attention heads that was found, which has to be one. */
    int requireHeads(OptionalInt found) throws SafetensorsException {
        return found.orElseThrow(
                () -> failure("does not say how many attention heads its model has; name them with --heads"));
    }

    /**
     * The form of GELU in the metadata.
     *
     * @throws IllegalArgumentException if there is no such form
     */
    Gelu gelu(Gelu unlessSaid) {
        return Optional.ofNullable(reader.metadata().get(GELU)).map(Gelu::ofLabel).orElse(unlessSaid);
    }

    /** An architecture whose sizes go together, or else a failure that names the file. */
    ModelSpec checked(Supplier<ModelSpec> architecture) throws SafetensorsException {
        try {
            return architecture.get();
        } catch (IllegalArgumentException e) {
            throw failure(e.getMessage());
        }
    }

    SafetensorsException failure(String problem) {
        return new SafetensorsException(reader.file(), problem);
    }
}
