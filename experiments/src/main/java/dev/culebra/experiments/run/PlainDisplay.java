package dev.culebra.experiments.run;

import java.io.PrintStream;

import dev.culebra.experiments.data.SplitName;

/** Shows runs as lines, a few a minute: for files, pipes and several runs at once. From any thread. */
public final class PlainDisplay implements RunListener {
    private final PrintStream out;
    private final String prefix;
    private final PacedLines lines;

    /**
     * A display.
     *
     * @param out where lines go
     * @param prefix stands before each line: nothing, or the run's name where there are several
     */
    public PlainDisplay(PrintStream out, String prefix) {
        this.out = out;
        this.prefix = prefix;
        this.lines = new PacedLines(out, prefix);
    }

    @Override
    public void note(String sentence) {
        out.println(prefix + sentence);
    }

    @Override
    public void progress(Progress progress) {
        if (progress.step() == 1 || lines.isDue()) {
            lines.print("epoch " + progress.epoch() + "/" + progress.epochs() + ", step " + progress.stepOfEpoch() + "/"
                    + progress.stepsPerEpoch() + ", " + ProgressText.of(progress));
        }
    }

    @Override
    public void evaluating(SplitName split, int batch, int batches) {
        if (lines.isDue()) {
            lines.print("evaluating the " + split + " split: batch " + batch + "/" + batches);
        }
    }

    @Override
    public void event(Event event) {
        if (event instanceof Event.Epoch epoch) {
            lines.print(ProgressText.of(epoch));
        } else if (event instanceof Event.Validation validation) {
            lines.print(ProgressText.of(validation));
        }
    }
}
