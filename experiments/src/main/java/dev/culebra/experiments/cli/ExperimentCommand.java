package dev.culebra.experiments.cli;

import java.util.concurrent.Callable;

import dev.culebra.experiments.study.Configuration;
import dev.culebra.experiments.study.Experiment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** One of the study's twelve runs. */
@Command(sortOptions = false)
final class ExperimentCommand implements Callable<Integer> {
    private final Experiment experiment;
    private final Console console;

    @Mixin
    private RunOptions options;

    @Mixin
    private JsonOption json;

    @Mixin
    private CommonOptions common;

    ExperimentCommand(Experiment experiment, Console console) {
        this.experiment = experiment;
        this.console = console;
    }

    @Override
    public Integer call() {
        SingleRun.make(options, Configuration.of(experiment), json.json(), console);
        return ExitCode.DONE;
    }
}
