package dev.culebra.experiments.cli;

import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What makes the files that runs read. It does nothing without a command of its own. */
@Command(name = "data", sortOptions = false, synopsisSubcommandLabel = "COMMAND", description = "Makes the files that runs "
        + "read: tokens of a text, and embeddings.", footer = {"", "Examples:",
            "  java -jar experiments.jar data prepare --out wikitext-2",
            "  java -jar experiments.jar data embeddings --data wikitext-2"})
final class DataCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "a command is missing: prepare or embeddings");
    }
}
