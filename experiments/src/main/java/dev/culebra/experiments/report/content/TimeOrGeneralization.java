package dev.culebra.experiments.report.content;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

import dev.culebra.experiments.report.document.Block;
import dev.culebra.experiments.report.document.Chart;
import dev.culebra.experiments.report.document.Figure;
import dev.culebra.experiments.report.runs.RecordedRun;
import dev.culebra.experiments.report.runs.RunGroup;
import dev.culebra.experiments.report.runs.Study;
import dev.culebra.experiments.run.Statistic;
import dev.culebra.experiments.study.ModelKind;

/** Which settings for wall-clock time, and which for generalisation? */
final class TimeOrGeneralization {
    /** How near to the best perplexity is near enough to ask how soon. */
    private static final double NEAR = 1.1;

    private TimeOrGeneralization() {}

    static List<Block> of(Study study) {
        Answer answer = new Answer("Which settings for wall-clock time, and which for generalisation?");
        List<RunGroup> sound = study.sound();
        if (sound.isEmpty()) {
            return answer.fact("No run that did not diverge was validated, so this cannot be answered yet.")
                    .blocks();
        }
        RunGroup best = Best.byValidation(sound).orElseThrow();
        double bestPerplexity = best.bestValidation().orElseThrow().mean();
        answer.fact("The lowest validation perplexity, " + Formats.statistic(best.bestValidation(), Formats::perplexity)
                + ", is that of " + Descriptions.full(best) + ", after " + Formats.duration(mean(best.secondsToBest()))
                + " of training.");
        Best.bySpeed(sound.stream().filter(TimeOrGeneralization::isTimed).toList()).ifPresentOrElse(
                fastest -> answer.fact("The shortest epochs, "
                        + Formats.statistic(fastest.secondsPerEpoch(), Formats::seconds) + " s, are those of "
                        + Descriptions.full(fastest)
                        + (fastest.equals(best)
                                ? ", the same run."
                                : ", whose lowest validation perplexity is "
                                        + Formats.statistic(fastest.bestValidation(), Formats::perplexity) + ".")),
                () -> answer.fact("No run has completed an epoch, so no times of epochs are compared."));
        double threshold = NEAR * bestPerplexity;
        List<Arrival> arrivals = sound.stream().flatMap(group -> Arrival.of(group, threshold).stream())
                .sorted(Comparator.comparingDouble(Arrival::seconds)).toList();
        answer.fact("A validation perplexity within 10 % of the lowest, that is " + Formats.perplexity(threshold)
                + " or less, was reached by "
                + Formats.enumeration(arrivals.stream().map(
                        arrival -> arrival.group().label() + " (" + Formats.duration(arrival.seconds()) + ")").toList())
                + (arrivals.size() < study.groups().size() ? ", and by no other run." : "."));
        RunGroup soonest = arrivals.getFirst().group();
        answer.endParagraph().facts(speeds(study).stream());
        answer.conclusion(Stream.of(soonest, best).distinct().toList(), soonest.equals(best)
                ? best.label()
                        + " is both the first to come within 10 % of the lowest perplexity and the one that has it: "
                        + "among these runs nothing has to be traded."
                : "With little time, " + Descriptions.full(soonest) + " is the choice: it is within 10 % of the lowest "
                        + "perplexity after " + Formats.duration(arrivals.getFirst().seconds())
                        + ". For generalisation it is " + Descriptions.full(best) + ", which takes "
                        + Formats.duration(mean(best.secondsToBest())) + " to its lowest perplexity.");
        return answer.show(figure(sound)).blocks();
    }

    private record Arrival(RunGroup group, double seconds) {
        /** When a group's runs first have a perplexity of at most the threshold, on average; nothing if one never has. */
        static Optional<Arrival> of(RunGroup group, double threshold) {
            List<OptionalDouble> times = group.counted().stream().map(run -> firstBelow(run, threshold)).toList();
            return times.stream().allMatch(OptionalDouble::isPresent)
                    ? Optional.of(new Arrival(group,
                            times.stream().mapToDouble(OptionalDouble::getAsDouble).average().orElseThrow()))
                    : Optional.empty();
        }

        private static OptionalDouble firstBelow(RecordedRun run, double threshold) {
            return run.points().stream().filter(point -> point.validation().perplexity() <= threshold)
                    .mapToDouble(RecordedRun.Point::seconds).findFirst();
        }
    }

    /** Whether there is an epoch whose time is no reckoning from a few steps. */
    private static boolean isTimed(RunGroup group) {
        return group.completedEpochs() > 0;
    }

    /** What optimiser and depth do to the time of an epoch. */
    private static List<String> speeds(Study study) {
        List<String> sentences = new ArrayList<>();
        for (ModelKind model : ModelKind.values()) {
            int first = model == ModelKind.LSTM ? 1 : 5;
            List<RunGroup> optimizers = Selection.of(study, first, first + 1, first + 2, first + 3).groups().stream()
                    .filter(TimeOrGeneralization::isTimed).toList();
            if (optimizers.size() > 1) {
                double low = optimizers.stream().mapToDouble(group -> mean(group.secondsPerEpoch())).min()
                        .orElseThrow();
                double high = optimizers.stream().mapToDouble(group -> mean(group.secondsPerEpoch())).max()
                        .orElseThrow();
                sentences.add("With the one optimiser or the other (" + Formats.model(model)
                        + ", 1 layer), an epoch takes from " + Formats.duration(low) + " to " + Formats.duration(high)
                        + ".");
            }
            List<RunGroup> depths = (model == ModelKind.LSTM
                    ? Selection.of(study, 2, 10)
                    : Selection.of(study, 6, 12)).groups().stream().filter(TimeOrGeneralization::isTimed).toList();
            if (depths.size() == 2) {
                sentences.add("Four layers instead of one (" + Formats.model(model) + ", AdamW) take "
                        + Formats.ratio(mean(depths.get(1).secondsPerEpoch()), mean(depths.get(0).secondsPerEpoch()))
                        + " times as long.");
            }
        }
        return sentences;
    }

    private static Figure figure(List<RunGroup> sound) {
        Curves curves = Curves.overTime(sound);
        List<Chart> charts = new ArrayList<>();
        for (ModelKind model : ModelKind.values()) {
            List<RunGroup> groups = sound.stream().filter(group -> group.model() == model)
                    .sorted(Comparator.comparingDouble(group -> mean(group.bestValidation()))).limit(5).toList();
            if (!groups.isEmpty()) {
                charts.add(curves.validation(Formats.model(model), groups));
            }
        }
        return new Figure("validation-time",
                "Validation perplexity over the time of training, evaluations left out, of the "
                        + "up to five runs of each architecture that come lowest, on a logarithmic axis of each chart's own."
                        + curves.clippedSentence(),
                "Validation perplexity over time; the text above names the run that is soonest and the one that is lowest.",
                charts.size(), charts);
    }

    private static double mean(Optional<Statistic> statistic) {
        return statistic.orElseThrow().mean();
    }
}
