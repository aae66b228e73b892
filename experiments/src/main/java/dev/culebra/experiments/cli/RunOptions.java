package dev.culebra.experiments.cli;

import java.nio.file.Path;
import java.util.Optional;

import dev.culebra.experiments.run.RunDirectory;
import dev.culebra.experiments.run.RunRequest;
import dev.culebra.experiments.study.Configuration;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The options of every run. */
final class RunOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Mixin
    private ModelOptions model;

    @Mixin
    private OptimizationOptions optimization;

    @Mixin
    private DataOptions data;

    @Mixin
    private ExecutionOptions execution;

    /** The configuration {@code own} with what was given, as far as its model and its optimiser have a use for it. */
    Configuration configuration(Configuration own) {
        return new Configuration(own.name(), model.settings(own.model()),
                optimization.settings(own.optimization()), data.settings(),
                execution.settings());
    }

    /** What is kept of the run, in {@code folder}. */
    RunRequest request(Configuration configuration, Path folder, boolean resume) {
        return new RunRequest(configuration, new RunDirectory(folder), resume, execution.logEvery(),
                execution.checkpointEvery(), execution.validateEvery(), execution.memoryReport(), execution.graph(),
                CommandText.of(command.commandLine().getParseResult().originalArgs()));
    }

    /** Whether the run in the run folder is to be continued. */
    boolean resume() {
        return execution.resume();
    }

    /** Where the run's files go, if that was given. */
    Optional<Path> runDirectory() {
        return execution.runDirectory();
    }
}
