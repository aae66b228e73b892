package dev.culebra.experiments.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

import dev.culebra.experiments.run.RunDirectory;
import dev.culebra.experiments.run.RunRequest;
import dev.culebra.experiments.study.Configuration;
import dev.culebra.experiments.study.RunSettings;
import dev.culebra.runtime.Precision;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options of every run. */
final class RunOptions {
    @ArgGroup(validate = false, order = 1, heading = "%nModel:%n")
    private final ModelOptions model = new ModelOptions();

    @ArgGroup(validate = false, order = 2, heading = "%nOptimisation:%n")
    private final OptimizationOptions optimization = new OptimizationOptions();

    @ArgGroup(validate = false, order = 3, heading = "%nData:%n")
    private final DataOptions data = new DataOptions();

    @ArgGroup(validate = false, order = 4, heading = "%nThe run:%n")
    private final Execution execution = new Execution();

    /** The options that choose where and for how long to compute, and what to keep of it. */
    static final class Execution {
        @Option(names = "--device", paramLabel = "NAME", description = "auto, cuda, cuda:N, cpu or reference; 'doctor' says what this machine has.")
        private String device;

        @Option(names = "--precision", paramLabel = "NAME", description = "fp32, tf32 (cuda alone) or bf16.")
        private Precision precision;

        @Option(names = "--epochs", paramLabel = "N", description = "How often to read the training split.")
        private int epochs;

        @Option(names = "--max-steps", paramLabel = "N", description = "End after so many steps even so.")
        private Long maxSteps;

        @Option(names = "--seed", paramLabel = "N", description = "Seed of initial weights, order and dropout.")
        private long seed;

        @Option(names = "--no-shuffle", description = "Read the sequences in the order of the text.")
        private boolean noShuffle;

        @Option(names = "--run-dir", paramLabel = "DIR", description = "Folder for the configuration, metrics and checkpoints (runs/NAME unless given).")
        private Path runDirectory;

        @Option(names = "--resume", description = "Continue the run in the run folder from its last checkpoint.")
        private boolean resume;

        @Option(names = "--checkpoint-every", paramLabel = "N", description = "Write last.safetensors every N steps, besides the end of each epoch and Ctrl-C.")
        private Long checkpointEvery;

        @Option(names = "--log-every", paramLabel = "N", defaultValue = "1", description = "Record every N-th step.")
        private long logEvery;
    }

    /** The configuration {@code own} with what was given. */
    Configuration configuration(Configuration own) {
        return new Configuration(own.name(), model.settings(own.model()),
                optimization.settings(own.optimization().optimizer()), data.settings(!execution.noShuffle),
                new RunSettings(execution.device, execution.precision, execution.epochs,
                        execution.maxSteps == null ? OptionalLong.empty() : OptionalLong.of(execution.maxSteps),
                        execution.seed));
    }

    /** What is kept of the run, in {@code folder} unless another was given. */
    RunRequest request(Configuration configuration, Path folder, boolean resume) {
        return new RunRequest(configuration, new RunDirectory(folder), resume, execution.logEvery,
                execution.checkpointEvery == null ? OptionalLong.empty() : OptionalLong.of(execution.checkpointEvery));
    }

    /** Whether the run in the run folder is to be continued. */
    boolean resume() {
        return execution.resume;
    }

    /** Where the run's files go, if that was given. */
    Optional<Path> runDirectory() {
        return Optional.ofNullable(execution.runDirectory);
    }
}
