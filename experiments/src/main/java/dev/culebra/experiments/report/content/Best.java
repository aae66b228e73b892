package dev.culebra.experiments.report.content;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

import dev.culebra.experiments.report.runs.RunGroup;
import dev.culebra.experiments.run.Statistic;

/** Which of some groups has the lowest of a quantity. */
final class Best {
    private Best() {}

    /** By the mean of a quantity; those without it are passed over. */
    static Optional<RunGroup> lowest(List<RunGroup> groups, Function<RunGroup, Optional<Statistic>> quantity) {
        return groups.stream().filter(group -> quantity.apply(group).isPresent())
                .min(Comparator.comparingDouble(group -> quantity.apply(group).orElseThrow().mean()));
    }

    /** By the lowest validation perplexity over epochs. */
    static Optional<RunGroup> byValidation(List<RunGroup> groups) {
        return lowest(groups, RunGroup::bestValidation);
    }

    /** By the seconds of an epoch. */
    static Optional<RunGroup> bySpeed(List<RunGroup> groups) {
        return lowest(groups, RunGroup::secondsPerEpoch);
    }
}
