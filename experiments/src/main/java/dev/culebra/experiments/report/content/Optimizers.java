package dev.culebra.experiments.report.content;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.culebra.experiments.report.document.Block;
import dev.culebra.experiments.report.document.Chart;
import dev.culebra.experiments.report.document.Figure;
import dev.culebra.experiments.report.runs.RunGroup;
import dev.culebra.experiments.report.runs.Study;
import dev.culebra.experiments.run.Statistic;
import dev.culebra.experiments.study.ModelKind;

/** What do the four optimisers change: weight decay, momentum, Adam? */
final class Optimizers {
    private static final String UNKNOWN = "an unknown size";

    private Optimizers() {}

    static List<Block> of(Study study) {
        Answer answer = new Answer("What do the four optimisers change: weight decay, momentum, Adam?");
        List<Chart> charts = new ArrayList<>();
        Curves curves = Curves.overEpochs();
        for (ModelKind model : ModelKind.values()) {
            int adam = model == ModelKind.LSTM ? 1 : 5;
            Selection selection = Selection.of(study, adam, adam + 1, adam + 2, adam + 3);
            answer.fact(Formats.model(model) + ", 1 layer, by their lowest validation perplexity:");
            answer.list(Stream.of(
                    step(study, "Weight decay", adam, adam + 1,
                            "Decoupled weight decay of " + value(study, adam + 1, "weight-decay")),
                    step(study, "Momentum", adam + 2, adam + 3, "Momentum of " + value(study, adam + 3, "momentum")),
                    step(study, "Adam", adam + 3, adam, "Adam"), selection.remarks())
                    .flatMap(sentences -> sentences).toList());
            conclude(answer, study, adam);
            if (!selection.groups().isEmpty()) {
                charts.add(curves.validation(Formats.model(model) + ", 1 layer", selection.groups()));
            }
        }
        if (!charts.isEmpty()) {
            answer.show(new Figure("optimizers",
                    "Validation perplexity over epochs with each of the four optimisers, on a "
                            + "logarithmic axis of each chart's own." + curves.clippedSentence(),
                    "Validation perplexity of the four optimisers; the text above gives the lowest of each.",
                    charts.size(), charts));
        }
        return answer.blocks();
    }

    private static Stream<String> step(Study study, String name, int base, int other, String change) {
        Selection pair = Selection.of(study, base, other);
        if (pair.groups().size() < 2) {
            return Stream.empty();
        }
        RunGroup without = pair.groups().get(0);
        RunGroup with = pair.groups().get(1);
        Comparison validation = comparison(without, with);
        return Stream.of(name + ": " + with.label() + " (" + Formats.optimizer(with.settings().optimizer()) + ") has "
                + validation.text(Formats::perplexity) + " of " + without.label() + " ("
                + Formats.optimizer(without.settings().optimizer()) + "), and at the end a train perplexity of "
                + Formats.statistic(with.lastTrain(), Formats::perplexity) + " against "
                + Formats.statistic(without.lastTrain(), Formats::perplexity) + ". " + change
                + switch (validation.verdict()) {
                    case LOWER -> " lowers it";
                    case EQUAL -> " makes no difference to speak of";
                    case HIGHER -> " raises it";
                } + (pair.groups().stream().allMatch(Answer::isLongEnough) ? "." : " so far."));
    }

    private static String value(Study study, int number, String setting) {
        return study.experiment(number).map(group -> value(group, setting)).orElse(UNKNOWN);
    }

    private static String value(RunGroup group, String setting) {
        return group.settings().value(setting)
                .map(value -> new BigDecimal(value.asText()).stripTrailingZeros().toPlainString()).orElse(UNKNOWN);
    }

    private static String rate(RunGroup group) {
        return value(group, "lr");
    }

    private static Comparison comparison(RunGroup without, RunGroup with) {
        return new Comparison(without.bestValidation().orElseThrow(), with.bestValidation().orElseThrow());
    }

    /** About the two families, where one run of each is there. */
    private static void conclude(Answer answer, Study study, int adam) {
        Optional<RunGroup> adaptive = Best.byValidation(Selection.of(study, adam, adam + 1).groups());
        Optional<RunGroup> plain = Best.byValidation(Selection.of(study, adam + 2, adam + 3).groups());
        if (adaptive.isEmpty() || plain.isEmpty()) {
            return;
        }
        Statistic low = adaptive.get().bestValidation().orElseThrow();
        Statistic high = plain.get().bestValidation().orElseThrow();
        answer.conclusion(List.of(adaptive.get(), plain.get()), switch (new Comparison(low, high).verdict()) {
            case HIGHER ->
                "The step that Adam scales for each weight by itself is what matters here: without it the perplexity is "
                        + Formats.ratio(high.mean(), low.mean()) + " times as high. The learning rates are "
                        + rate(adaptive.get()) + " with it and " + rate(plain.get())
                        + " without; what SGD does at a rate chosen for it, this does not tell.";
            case EQUAL -> "The adaptive and the plain optimisers end alike here.";
            case LOWER ->
                "The plain optimisers end lower here than Adam and AdamW do, which is not what the study found.";
        });
    }
}
