package dev.culebra.experiments.cli;

import java.util.List;
import java.util.function.Predicate;

import dev.culebra.experiments.failure.BadInputException;
import dev.culebra.experiments.study.Configuration;
import dev.culebra.experiments.study.ModelKind;
import dev.culebra.experiments.study.OptimizerKind;
import picocli.CommandLine.ParseResult;

/** Refuses options that were given to runs whose models or optimisers have no use for them, instead of ignoring them. */
final class InapplicableOptions {
    private static final List<Rule> RULES = List.of(
            new Rule("--heads", "--model gpt1", run -> run.model().kind() == ModelKind.GPT1),
            new Rule("--gelu", "--model gpt1", run -> run.model().kind() == ModelKind.GPT1),
            new Rule("--momentum", "--optimizer momentum",
                    run -> run.optimization().optimizer() == OptimizerKind.MOMENTUM),
            new Rule("--betas", "--optimizer adam or adamw", run -> run.optimization().optimizer().isAdaptive()),
            new Rule("--eps", "--optimizer adam or adamw", run -> run.optimization().optimizer().isAdaptive()));

    /** Of what use an option is. */
    private record Rule(String option, String user, Predicate<Configuration> applies) {}

    private InapplicableOptions() {}

    /**
     * Checks that every option that was given has an effect on one of the runs.
     *
     * @throws BadInputException naming the first one that has none
     */
    static void refuse(ParseResult given, List<Configuration> runs) {
        for (Rule rule : RULES) {
            if (given.hasMatchedOption(rule.option) && runs.stream().noneMatch(rule.applies)) {
                throw new BadInputException(rule.option + " has no effect on " + text(runs) + ", only with " + rule.user
                        + "; leave it out");
            }
        }
    }

    private static String text(List<Configuration> runs) {
        return runs.size() > 1
                ? "any of these runs"
                : "a run of " + runs.getFirst().model().kind() + " with " + runs.getFirst().optimization().optimizer();
    }
}
