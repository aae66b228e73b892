package dev.culebra.experiments.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

import dev.culebra.experiments.failure.BadInputException;
import dev.culebra.experiments.study.RunSettings;
import dev.culebra.runtime.Precision;
import picocli.CommandLine.Option;

/** The options that choose where and for how long to compute, and what to keep of it. */
final class ExecutionOptions {
    @Option(names = "--device", paramLabel = "DEVICE", completionCandidates = Candidates.Devices.class, description = "auto, cuda, cuda:N, cpu or reference; 'doctor' says what this machine has.")
    private String device;

    @Option(names = "--precision", paramLabel = "PRECISION", completionCandidates = Candidates.Precisions.class, description = "fp32, tf32 (cuda alone) or bf16.")
    private Precision precision;

    @Option(names = "--epochs", paramLabel = "N", description = "How often to read the training split.")
    private int epochs;

    @Option(names = "--max-steps", paramLabel = "N", description = "End after so many steps even so.")
    private Long maxSteps;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of initial weights, order and dropout.")
    private long seed;

    @Option(names = "--run-dir", paramLabel = "DIR", description = "Folder for the configuration, metrics and checkpoints (runs/NAME unless given).")
    private Path runDirectory;

    @Option(names = "--resume", description = "Continue the run in the run folder from its last checkpoint.")
    private boolean resume;

    @Option(names = "--checkpoint-every", paramLabel = "N", description = "Write last.safetensors every N steps, besides the end of each epoch and Ctrl-C.")
    private Long checkpointEvery;

    @Option(names = "--validate-every", paramLabel = "N", description = "Evaluate the validation split every N steps too, and at the end of a run that ends within an epoch (the test split as well).")
    private Long validateEvery;

    @Option(names = "--log-every", paramLabel = "N", defaultValue = "1", description = "Record every N-th step.")
    private long logEvery;

    @Option(names = "--memory-report", description = "After the first steps, show what the run needs its memory for.")
    private boolean memoryReport;

    @Option(names = "--no-graph", description = "On cuda, queue every operation of a step anew instead of repeating a recorded CUDA graph: slower, for finding faults.")
    private boolean noGraph;

    RunSettings settings() {
        return new RunSettings(device, precision, epochs, optional(maxSteps), seed);
    }

    private static OptionalLong optional(Long value) {
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }

    Optional<Path> runDirectory() {
        if (runDirectory != null && runDirectory.toString().isEmpty()) {
            throw new BadInputException("--run-dir is empty; name a folder, or leave the option out");
        }
        return Optional.ofNullable(runDirectory);
    }

    boolean resume() {
        return resume;
    }

    OptionalLong checkpointEvery() {
        return optional(checkpointEvery);
    }

    OptionalLong validateEvery() {
        return optional(validateEvery);
    }

    boolean memoryReport() {
        return memoryReport;
    }

    boolean graph() {
        return !noGraph;
    }

    long logEvery() {
        return logEvery;
    }
}
