package dev.culebra.nn.checkpoint;

import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;

import dev.culebra.nn.ModelSpec;
import dev.culebra.runtime.Tensor;

/** How a file holds a model: what it calls the tensors, in which form they lie there, and what tells the architecture. */
sealed interface ModelLayout permits StudyLayout, OpenAiGptLayout {
    /** The layout of a file, by the names in it: the study's own unless they are those of another. */
    static ModelLayout of(SafetensorsReader reader) {
        return OpenAiGptNames.of(reader).<ModelLayout>map(names -> new OpenAiGptLayout(reader, names))
                .orElseGet(() -> new StudyLayout(reader));
    }

    /**
     * The architecture of the stored model.
     *
     * @param heads the number of attention heads of a GPT, if it is to be another than the file's
     * @throws SafetensorsException if the file does not tell it
     */
    ModelSpec spec(OptionalInt heads) throws SafetensorsException;

    /**
     * What of the file a tensor of the model is made from, whether the file has it or not.
     *
     * @param name what the study calls the tensor
     * @param value overwritten by {@link StoredWeight#reading()}
     */
    StoredWeight weight(String name, Tensor value);

    /** The names of the file's tensors that a model needs to have a place for. */
    List<String> weightNames() throws IOException;
}
