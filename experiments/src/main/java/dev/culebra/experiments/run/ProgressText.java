package dev.culebra.experiments.run;

import java.util.Locale;

/** What displays say about a run. */
final class ProgressText {
    private ProgressText() {}

    /** Such as {@code loss 5.1234, perplexity 168.0, 3,210 tokens/s, best validation perplexity 146.1, 1:23 left}. */
    static String of(Progress progress) {
        return "loss " + Numbers.loss(progress.loss()) + ", perplexity " + Numbers.perplexity(Math.exp(progress.loss()))
                + ", " + Numbers.count(progress.tokensPerSecond()) + " tokens/s, "
                + (Double.isFinite(progress.bestPerplexity())
                        ? "best validation perplexity " + Numbers.perplexity(progress.bestPerplexity()) + ", "
                        : "")
                + Durations.of(progress.secondsLeft()) + " left";
    }

    /** The same for a line that a bar shares: {@code loss 5.1234 ppl 168.0 3,210 tok/s 1:23 left}. */
    static String shortly(Progress progress) {
        return "loss " + Numbers.loss(progress.loss()) + " ppl " + shortPerplexity(Math.exp(progress.loss())) + " "
                + Numbers.count(progress.tokensPerSecond()) + " tok/s " + Durations.of(progress.secondsLeft())
                + " left";
    }

    private static String shortPerplexity(double value) {
        // The first steps of a run may have losses whose perplexity would fill the line with digits.
        return value < 1e6 ? Numbers.perplexity(value) : String.format(Locale.ROOT, "%.2e", value);
    }

    /** Such as {@code epoch 1: train perplexity 730.1, validation perplexity 378.2, 115 s}. */
    static String of(Event.Epoch epoch) {
        return "epoch " + epoch.epoch() + ": train perplexity " + Numbers.perplexity(epoch.train().perplexity())
                + ", validation perplexity " + Numbers.perplexity(epoch.validation().perplexity()) + ", "
                + Durations.of(epoch.seconds());
    }

    /** Such as {@code step 100: train perplexity 2730.1, validation perplexity 1378.2}. */
    static String of(Event.Validation validation) {
        return "step " + validation.step() + ": train perplexity "
                + Numbers.perplexity(validation.train().perplexity()) + ", validation perplexity "
                + Numbers.perplexity(validation.validation().perplexity());
    }
}
