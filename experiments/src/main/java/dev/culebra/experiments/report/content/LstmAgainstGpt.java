package dev.culebra.experiments.report.content;

import java.util.ArrayList;
import java.util.List;

import dev.culebra.experiments.report.document.Block;
import dev.culebra.experiments.report.document.Chart;
import dev.culebra.experiments.report.document.Figure;
import dev.culebra.experiments.report.runs.RunGroup;
import dev.culebra.experiments.report.runs.Study;

/** LSTM against GPT, and what a small transformer does on little text. */
final class LstmAgainstGpt {
    private LstmAgainstGpt() {}

    static List<Block> of(Study study) {
        Answer answer = new Answer(
                "LSTM against GPT: does a small transformer do what the large ones lead one to expect?");
        Selection pair = Selection.of(study, 1, 5);
        answer.facts(pair.remarks()).endParagraph();
        if (pair.groups().size() < 2) {
            return answer.fact("Both exp1 and exp5 are needed to compare them.").blocks();
        }
        RunGroup lstm = pair.groups().get(0);
        RunGroup gpt = pair.groups().get(1);
        Comparison validation = new Comparison(lstm.bestValidation().orElseThrow(), gpt.bestValidation().orElseThrow());
        answer.fact("exp5 (MiniGPT1) against exp1 (LSTM), both with one layer and Adam:");
        List<String> points = new ArrayList<>();
        points.add("Lowest validation perplexity: " + validation.text(Formats::perplexity) + ", exp5 "
                + Descriptions.whenBest(gpt) + ", exp1 " + Descriptions.whenBest(lstm) + ".");
        if (gpt.test().isPresent() && lstm.test().isPresent()) {
            points.add("Test perplexity at the end: "
                    + new Comparison(lstm.test().get(), gpt.test().get()).text(Formats::perplexity) + ".");
        }
        points.add("Train perplexity at the end: "
                + new Comparison(lstm.lastTrain().orElseThrow(), gpt.lastTrain().orElseThrow())
                        .text(Formats::perplexity)
                + ".");
        if (gpt.completedEpochs() > 0 && lstm.completedEpochs() > 0) {
            points.add("Seconds of an epoch: " + new Comparison(lstm.secondsPerEpoch().orElseThrow(),
                    gpt.secondsPerEpoch().orElseThrow()).text(Formats::seconds) + ".");
        }
        if (gpt.learnedParameters().isPresent() && lstm.learnedParameters().isPresent()) {
            points.add("Learned parameters: " + Formats.count(gpt.learnedParameters().get()) + " against "
                    + Formats.count(lstm.learnedParameters().get()) + ".");
        }
        long tokens = lstm.runs().getFirst().trainingTokens();
        answer.list(points).conclusion(pair.groups(), switch (validation.verdict()) {
            case LOWER ->
                "With " + Formats.count(tokens) + " tokens to learn from, the transformer generalises better than "
                        + "the LSTM, as the large ones lead one to expect.";
            case EQUAL ->
                "With " + Formats.count(tokens) + " tokens to learn from, the transformer generalises no better "
                        + "than the LSTM: what the large ones lead one to expect does not show at this size.";
            case HIGHER ->
                "With " + Formats.count(tokens) + " tokens to learn from, the transformer generalises worse than "
                        + "the LSTM: what the large ones lead one to expect does not show with so little text.";
        } + overfitting(gpt, lstm));
        Curves epochs = Curves.overEpochs();
        Curves time = Curves.overTime(pair.groups());
        List<Chart> charts = List.of(epochs.both("Over epochs", pair.groups()), time.both("Over time", pair.groups()));
        return answer.show(new Figure("lstm-gpt",
                "exp1 (LSTM) and exp5 (MiniGPT1), one layer, Adam: train (dashed) and "
                        + "validation (solid) perplexity over epochs and over the time of training, on logarithmic axes."
                        + epochs.clippedSentence(),
                "The curves of exp1 and exp5; the text above compares them.", charts.size(),
                charts)).blocks();
    }

    /** Which of them learned its text by heart, by the ratio of the perplexities at the end. */
    private static String overfitting(RunGroup gpt, RunGroup lstm) {
        double gptGap = gpt.gap();
        double lstmGap = lstm.gap();
        String sentence = " At the end its validation perplexity is " + Formats.ratio(gptGap, 1)
                + " times its train perplexity, that of the LSTM " + Formats.ratio(lstmGap, 1) + " times";
        return gptGap > 1.05 * Math.max(1, lstmGap)
                ? sentence + ": it fits the training text more than it learns the language."
                : sentence + ".";
    }
}
