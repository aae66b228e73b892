package dev.culebra.experiments.cli;

import java.util.Optional;
import java.util.OptionalInt;

import dev.culebra.nn.Gelu;
import dev.culebra.runtime.Precision;
import picocli.CommandLine.Option;

/** The options of commands that compute with a checkpoint's model: what its file may leave open, and where. */
final class StoredModelOptions {
    @Option(names = "--heads", paramLabel = "N", description = "gpt1's attention heads, if the file does not say.")
    private Integer heads;

    @Option(names = "--gelu", paramLabel = "FORM", completionCandidates = Candidates.Gelus.class, description = "exact or tanh, if the file does not say.")
    private Gelu gelu;

    @Option(names = "--device", paramLabel = "DEVICE", completionCandidates = Candidates.Devices.class, defaultValue = "auto", description = "auto, cuda, cuda:N, cpu or reference; 'doctor' says what this machine has.")
    private String device;

    @Option(names = "--precision", paramLabel = "PRECISION", completionCandidates = Candidates.Precisions.class, defaultValue = "fp32", description = "fp32, tf32 (cuda alone) or bf16.")
    private Precision precision;

    OptionalInt heads() {
        return heads == null ? OptionalInt.empty() : OptionalInt.of(heads);
    }

    Optional<Gelu> gelu() {
        return Optional.ofNullable(gelu);
    }

    String device() {
        return device;
    }

    Precision precision() {
        return precision;
    }
}
