package dev.culebra.experiments.report.content;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import dev.culebra.experiments.report.document.Block;
import dev.culebra.experiments.report.runs.RunGroup;
import dev.culebra.experiments.report.runs.Study;

/** What would a practitioner do against overfitting? */
final class AgainstOverfitting {
    private AgainstOverfitting() {}

    static List<Block> of(Study study) {
        Answer answer = new Answer("What would a practitioner do against overfitting?");
        List<RunGroup> sound = study.sound();
        List<RunGroup> longEnough = sound.stream().filter(Answer::isLongEnough).toList();
        List<RunGroup> turned = longEnough.stream().filter(AgainstOverfitting::hasTurned)
                .sorted(Comparator.comparingDouble(AgainstOverfitting::rise).reversed()).toList();
        stoppingEarly(answer, longEnough, turned);
        setting(answer, study, "dropout", "Dropout", "exp5 --dropout 0.1 --run-dir runs/exp5-dropout");
        setting(answer, study, "warmup-steps", "Warm-up", "exp11 --warmup-steps 1000 --run-dir runs/exp11-warmup");
        String advice = advice(study, longEnough, turned);
        return (advice.isEmpty() ? answer : answer.interpretation(advice)).blocks();
    }

    private static boolean hasTurned(RunGroup group) {
        return new Comparison(group.bestValidation().orElseThrow(), group.lastValidation().orElseThrow())
                .verdict() == Comparison.Verdict.HIGHER;
    }

    private static double rise(RunGroup group) {
        return group.lastValidation().orElseThrow().mean() / group.bestValidation().orElseThrow().mean();
    }

    private static void stoppingEarly(Answer answer, List<RunGroup> longEnough, List<RunGroup> turned) {
        if (longEnough.isEmpty()) {
            answer.fact(
                    "Stopping early: no run has completed " + Answer.ENOUGH + " epochs, so nothing is known of it.");
        } else if (turned.isEmpty()) {
            answer.fact(
                    "Stopping early: no run of at least " + Answer.ENOUGH
                            + " epochs ends more than 1 % above its lowest "
                            + "validation perplexity, so none would have gained by it.");
        } else {
            answer.fact("Stopping early: " + turned.size() + " of " + longEnough.size() + " runs of at least "
                    + Answer.ENOUGH
                    + " epochs end more than 1 % above their lowest validation perplexity. Stopped at their lowest, they "
                    + "would have ended lower and sooner:")
                    .list(turned.stream().map(AgainstOverfitting::saved).toList());
        }
        answer.endParagraph();
    }

    private static String saved(RunGroup group) {
        return group.label() + " at " + Formats.statistic(group.bestValidation(), Formats::perplexity) + " instead of "
                + Formats.statistic(group.lastValidation(), Formats::perplexity) + " ("
                + Formats.difference(group.bestValidation().orElseThrow().mean(),
                        group.lastValidation().orElseThrow().mean())
                + "), with " + Formats.percent(group.secondsToBest().orElseThrow().mean()
                        / group.trainingSeconds().orElseThrow().mean())
                + " of the time.";
    }

    private static void setting(Answer answer, Study study, String setting, String name, String example) {
        List<String> sentences = new ArrayList<>();
        for (Study.Pair pair : study.pairs(setting)) {
            if (!study.sound().contains(pair.with()) || !study.sound().contains(pair.without())) {
                continue;
            }
            Comparison best = new Comparison(pair.without().bestValidation().orElseThrow(),
                    pair.with().bestValidation().orElseThrow());
            Comparison last = new Comparison(pair.without().lastValidation().orElseThrow(),
                    pair.with().lastValidation().orElseThrow());
            sentences.add(pair.with().label() + " (" + setting + " "
                    + pair.with().settings().value(setting).orElseThrow().asText() + ") against "
                    + pair.without().label()
                    + ": lowest validation perplexity " + best.text(Formats::perplexity) + ", last "
                    + last.text(Formats::perplexity) + ", lowest " + Descriptions.whenBest(pair.with()) + " ("
                    + pair.without().label() + " " + Descriptions.whenBest(pair.without()) + ").");
        }
        if (sentences.isEmpty()) {
            answer.fact(name + ": " + (study.having(setting).isEmpty()
                    ? "no run has it, so its effect is not measured here"
                    : "no two runs with results differ in it alone, so its effect is not measured here")
                    + "; a run such as '" + example + "' beside the one without would show it.");
        } else {
            answer.fact(name + ":").list(sentences);
        }
        answer.endParagraph();
    }

    private static String advice(Study study, List<RunGroup> longEnough, List<RunGroup> turned) {
        List<String> sentences = new ArrayList<>();
        if (!turned.isEmpty()) {
            sentences.add("Keeping the weights of the best epoch costs nothing, and every run here does so "
                    + "(best.safetensors): it is what to do first.");
        }
        for (Study.Pair pair : study.pairs("dropout")) {
            if (longEnough.contains(pair.with()) && longEnough.contains(pair.without())) {
                Comparison best = new Comparison(pair.without().bestValidation().orElseThrow(),
                        pair.with().bestValidation().orElseThrow());
                sentences.add(switch (best.verdict()) {
                    case LOWER -> "Dropout lowers what " + pair.without().label() + " reaches, so it is worth having.";
                    case EQUAL -> "Dropout does not change what " + pair.without().label() + " reaches at its best.";
                    case HIGHER ->
                        "Dropout keeps " + pair.without().label() + " from what it reaches without it, within "
                                + "this number of epochs.";
                });
            }
        }
        return String.join(" ", sentences);
    }
}
