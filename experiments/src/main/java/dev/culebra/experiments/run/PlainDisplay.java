package dev.culebra.experiments.run;

import java.io.PrintStream;

import dev.culebra.experiments.data.SplitName;

/** Shows runs as lines, a few a minute: for files, pipes and several runs at once. From any thread. */
public final class PlainDisplay implements RunListener {
    private static final double SECONDS_BETWEEN_LINES = 10;

    private final PrintStream out;
    private final String prefix;
    private long lastLine;

    /**
     * A display.
     *
     * @param out where lines go
     * @param prefix stands before each line: nothing, or the run's name where there are several
     */
    public PlainDisplay(PrintStream out, String prefix) {
        this.out = out;
        this.prefix = prefix;
        this.lastLine = System.nanoTime();
    }

    @Override
    public void note(String sentence) {
        out.println(prefix + sentence);
    }

    @Override
    public void progress(Progress progress) {
        if (progress.step() == 1 || isDue()) {
            line("epoch " + progress.epoch() + "/" + progress.epochs() + ", step " + progress.stepOfEpoch() + "/"
                    + progress.stepsPerEpoch() + ", " + ProgressText.of(progress));
        }
    }

    @Override
    public void evaluating(SplitName split, int batch, int batches) {
        if (isDue()) {
            line("evaluating the " + split + " split: batch " + batch + "/" + batches);
        }
    }

    @Override
    public void event(Event event) {
        if (event instanceof Event.Epoch epoch) {
            line(ProgressText.of(epoch));
        }
    }

    private boolean isDue() {
        return (System.nanoTime() - lastLine) / 1e9 >= SECONDS_BETWEEN_LINES;
    }

    private void line(String text) {
        out.println(prefix + text);
        lastLine = System.nanoTime();
    }
}
