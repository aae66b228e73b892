package dev.culebra.experiments.cli;

import java.util.concurrent.Callable;

import dev.culebra.experiments.study.Configuration;
import dev.culebra.experiments.study.ModelKind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A run of any configuration. */
@Command(name = "train", sortOptions = false, description = "Train any configuration.", footer = {"", "Examples:",
    "  java -jar experiments.jar train --model gpt1 --layers 2 --dropout 0.1 \\",
    "      --schedule cosine --warmup-steps 200 --data wikitext-2 --run-dir runs/mine",
    "  java -jar experiments.jar train --model lstm --hidden-size 256 --optimizer sgd",
    "  java -jar experiments.jar train --model lstm --hidden-size 256 --optimizer sgd \\",
    "      --resume"})
final class TrainCommand implements Callable<Integer> {
    private final Console console;

    @Option(names = "--model", required = true, paramLabel = "MODEL", description = "lstm or gpt1.")
    private ModelKind model;

    @Spec
    private CommandSpec command;

    @Mixin
    private RunOptions options;

    @Mixin
    private JsonOption json;

    @Mixin
    private CommonOptions common;

    TrainCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        SingleRun.make(command.commandLine().getParseResult(), options, Configuration.of(model), json.json(),
                console);
        return ExitCode.DONE;
    }
}
