package dev.culebra.tools.benchmarks.peers;

import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

import dev.culebra.experiments.study.Experiment;
import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Backends;
import dev.culebra.runtime.Precision;
import dev.culebra.tools.benchmarks.study.Sizes;
import dev.culebra.tools.benchmarks.study.StudyStep;

/**
 * What everybody who is compared gets.
 *
 * @param sizes of everything
 * @param device as Culebra names it, {@code cpu} or {@code cuda:N}; the others take the same
 * @param folder where the weights lie from which all models start, one file for each run; without it each starts from its own
 */
public record Conditions(Sizes sizes, String device, Optional<Path> folder) {
    /** The tokens that are read before the first one that generation is timed for: half of what a GPT's positions hold. */
    public int promptLength() {
        return sizes.sequenceLength() / 2;
    }

    /** The weights of a run, a safetensors file with the study's names. */
    public Optional<Path> weights(Experiment run) {
        return folder.map(all -> all.resolve(run + ".safetensors"));
    }

    /** Writes the weights from which the compared models start: those of seed 42, in single precision. */
    void writeWeights() {
        for (Experiment run : Stream.of(Comparison.values()).flatMap(row -> row.run().stream()).distinct().toList()) {
            try (Backend backend = Backends.open(device, Precision.FP32);
                    StudyStep step = new StudyStep(backend, run, sizes)) {
                step.save(weights(run).orElseThrow());
            }
        }
    }
}
