package dev.culebra.experiments.report.content;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.culebra.experiments.report.runs.RecordedRun;
import dev.culebra.experiments.report.runs.RunGroup;
import dev.culebra.experiments.report.runs.Study;

/**
 * The runs that a question is about, as far as they are there.
 *
 * @param groups those that have results
 * @param missing why the others are left out, a few words for each
 */
record Selection(List<RunGroup> groups, List<String> missing) {
    /** Of these experiments. */
    static Selection of(Study study, int... experiments) {
        List<RunGroup> groups = IntStream.of(experiments).boxed().flatMap(number -> study.experiment(number).stream())
                .filter(study.sound()::contains).toList();
        List<String> missing = IntStream.of(experiments).boxed()
                .flatMap(number -> study.experiment(number).map(group -> reason(study, group))
                        .orElseGet(() -> Stream.of("exp" + number + " is not among the runs")))
                .toList();
        return new Selection(groups, missing);
    }

    private static Stream<String> reason(Study study, RunGroup group) {
        return study.sound().contains(group)
                ? Stream.empty()
                : Stream.of(group.label() + (group.state() == RecordedRun.State.DIVERGED
                        ? " diverged"
                        : " was not validated"));
    }

    /** Sentences on what is missing, and on runs that are not equally long; none where nothing is amiss. */
    Stream<String> remarks() {
        boolean equallyLong = groups.stream().map(RunGroup::validatedEpochs).distinct().count() < 2;
        return Stream.concat(
                missing.isEmpty() ? Stream.empty() : Stream.of("Left out here: " + String.join("; ", missing) + "."),
                equallyLong
                        ? Stream.empty()
                        : Stream.of("These runs are not equally long, so a comparison favours the longer ones: "
                                + groups.stream()
                                        .map(group -> group.label() + " has "
                                                + Formats.epochs(group.validatedEpochs()))
                                        .collect(Collectors.joining(", "))
                                + "."));
    }
}
