package dev.culebra.experiments.cli;

import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program itself, which does nothing without a command. */
@Command(name = "java -jar experiments.jar", sortOptions = false, synopsisSubcommandLabel = "COMMAND", description = RootCommand.DESCRIPTION, footer = RootCommand.FOOTER)
final class RootCommand implements Callable<Integer> {
    static final String DESCRIPTION = """
            %nTrains and measures the language models of a study on WikiText-2: an LSTM and a small GPT, four \
            optimisers, growing depth.""";
    static final String FOOTER = """

            Examples:
              java -jar experiments.jar exp1           # on the built-in corpus, in minutes
              java -jar experiments.jar exp1 --resume  # continues it after Ctrl-C
              java -jar experiments.jar exp3 --help    # all options of a run, with defaults
              java -jar experiments.jar exp5 --data wikitext-2 --precision bf16
              java -jar experiments.jar completion --help  # completion with Tab

            Exit codes: 0 done, 1 failed, 2 bad usage or input, 130 interrupted and saved.""";

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
