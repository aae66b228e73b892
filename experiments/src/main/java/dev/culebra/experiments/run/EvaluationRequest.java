package dev.culebra.experiments.run;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

import dev.culebra.experiments.data.BreakMode;
import dev.culebra.experiments.data.SplitName;
import dev.culebra.nn.Gelu;
import dev.culebra.runtime.Precision;

/**
 * A stored model and a split to measure it on.
 *
 * @param checkpoint a safetensors file, written by this program or by PyTorch
 * @param heads the number of attention heads, if it is to be another than the file says
 * @param gelu the form of GELU, likewise
 * @param split which split
 * @param data the data folder; without one, the built-in corpus
 * @param breakMode where sequences may begin and end
 * @param sequenceLength the most tokens a sequence has; unless given 256, or as many as the model can read
 * @param batchSize how many sequences are evaluated at once
 * @param device where to compute
 * @param precision in which arithmetic
 */
public record EvaluationRequest(Path checkpoint, OptionalInt heads, Optional<Gelu> gelu, SplitName split,
        Optional<Path> data, BreakMode breakMode, OptionalInt sequenceLength, int batchSize, String device,
        Precision precision) {}
