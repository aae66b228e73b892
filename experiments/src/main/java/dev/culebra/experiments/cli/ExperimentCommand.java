package dev.culebra.experiments.cli;

import java.util.concurrent.Callable;

import dev.culebra.experiments.study.Configuration;
import dev.culebra.experiments.study.Experiment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** One of the study's twelve runs. */
@Command(sortOptions = false)
final class ExperimentCommand implements Callable<Integer> {
    private final Experiment experiment;
    private final Console console;

    @Spec
    private CommandSpec command;

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
        SingleRun.make(command.commandLine().getParseResult(), options, Configuration.of(experiment), json.json(),
                console);
        return ExitCode.DONE;
    }
}
