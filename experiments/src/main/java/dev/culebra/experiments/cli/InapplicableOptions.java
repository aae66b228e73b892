package dev.culebra.experiments.cli;

import java.util.List;
import java.util.function.Predicate;

import dev.culebra.experiments.failure.BadInputException;
import dev.culebra.experiments.study.Configuration;
import dev.culebra.experiments.study.ModelKind;
import dev.culebra.experiments.study.OptimizerKind;
import picocli.CommandLine.ParseResult;

/** Refuses options that were given to a run whose model or optimiser has no use for them, instead of ignoring them. */
final class InapplicableOptions {
    private static final List<Rule> RULES = List.of(
            new Rule("--heads", "--model gpt1", run -> run.model().kind() == ModelKind.GPT1),
            new Rule("--gelu", "--model gpt1", run -> run.model().kind() == ModelKind.GPT1),
            new Rule("--momentum", "--optimizer momentum", run -> optimizer(run) == OptimizerKind.MOMENTUM),
            new Rule("--betas", "--optimizer adam or adamw", InapplicableOptions::isAdaptive),
            new Rule("--eps", "--optimizer adam or adamw", InapplicableOptions::isAdaptive));

    /** Of what use an option is. */
    private record Rule(String option, String user, Predicate<Configuration> applies) {}

    private InapplicableOptions() {}

    /**
     * Checks that every option that was given has an effect.
     *
     * @throws BadInputException naming the first one that has none
     */
    static void refuse(ParseResult given, Configuration run) {
        for (Rule rule : RULES) {
            if (given.hasMatchedOption(rule.option) && !rule.applies.test(run)) {
                throw new BadInputException(rule.option + " has no effect on a run of " + run.model().kind() + " with "
                        + optimizer(run) + ", only with " + rule.user + "; leave it out");
            }
        }
    }

    private static OptimizerKind optimizer(Configuration run) {
        return run.optimization().optimizer();
    }

    private static boolean isAdaptive(Configuration run) {
        return optimizer(run) == OptimizerKind.ADAM || optimizer(run) == OptimizerKind.ADAMW;
    }
}
