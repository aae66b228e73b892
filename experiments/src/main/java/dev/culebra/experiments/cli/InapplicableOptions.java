package dev.culebra.experiments.cli;

import java.util.List;

import dev.culebra.experiments.failure.BadInputException;
import dev.culebra.experiments.study.Configuration;
import dev.culebra.experiments.study.LimitedSetting;
import picocli.CommandLine.ParseResult;

/** Refuses options that were given to runs whose models or optimisers have no use for them, instead of ignoring them. */
final class InapplicableOptions {
    private InapplicableOptions() {}

    /**
     * Checks that every option that was given has an effect on one of the runs.
     *
     * @throws BadInputException naming the first one that has none
     */
    static void refuse(ParseResult given, List<Configuration> runs) {
        for (LimitedSetting setting : LimitedSetting.ALL) {
            String option = "--" + setting.name();
            if (given.hasMatchedOption(option) && runs.stream().noneMatch(
                    run -> setting.applies().test(run.model().kind(), run.optimization().optimizer()))) {
                throw new BadInputException(option + " has no effect on " + text(runs) + ", only with " + setting.user()
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
