package dev.culebra.experiments.cli;

import dev.culebra.experiments.failure.BadInputException;
import dev.culebra.experiments.study.Configuration;
import dev.culebra.experiments.study.LimitedSetting;
import dev.culebra.experiments.study.ModelKind;
import dev.culebra.experiments.study.OptimizerKind;
import picocli.CommandLine.ParseResult;

/** Refuses options that were given to a run whose model or optimiser has no use for them, instead of ignoring them. */
final class InapplicableOptions {
    private InapplicableOptions() {}

    /**
     * Checks that every option that was given has an effect.
     *
     * @throws BadInputException naming the first one that has none
     */
    static void refuse(ParseResult given, Configuration run) {
        ModelKind model = run.model().kind();
        OptimizerKind optimizer = run.optimization().optimizer();
        for (LimitedSetting setting : LimitedSetting.ALL) {
            String option = "--" + setting.name();
            if (given.hasMatchedOption(option) && !setting.applies().test(model, optimizer)) {
                throw new BadInputException(option + " has no effect on a run of " + model + " with " + optimizer
                        + ", only with " + setting.user() + "; leave it out");
            }
        }
    }
}
