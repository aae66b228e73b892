package dev.culebra.experiments.run;

import java.io.PrintStream;
import java.util.function.IntSupplier;

import dev.culebra.experiments.data.SplitName;

/** Shows a run on a terminal: one bar at a time, for an epoch or an evaluation, and lines for what stays. */
public final class BarDisplay implements RunListener {
    private final PrintStream out;
    private final TerminalBar bar;

    /**
     * A display.
     *
     * @param out the terminal
     */
    public BarDisplay(PrintStream out) {
        this(out, TerminalWidth::columns);
    }

    /** A display on a terminal so many columns wide; the width is asked for with each new bar. */
    BarDisplay(PrintStream out, IntSupplier columns) {
        this.out = out;
        this.bar = new TerminalBar(out, columns);
    }

    @Override
    public void note(String sentence) {
        bar.end();
        out.println(sentence);
    }

    @Override
    public void progress(Progress progress) {
        bar.show("epoch " + progress.epoch() + "/" + progress.epochs(), progress.stepOfEpoch(),
                progress.stepsPerEpoch(),
                ProgressText.shortly(progress));
    }

    @Override
    public void evaluating(SplitName split, int batch, int batches) {
        bar.show(split.toString(), batch, batches, "batch " + batch + "/" + batches);
    }

    @Override
    public void event(Event event) {
        switch (event) {
            case Event.Epoch epoch -> note(ProgressText.of(epoch));
            case Event.Validation validation -> note(ProgressText.of(validation));
            case Event.Evaluation _,Event.Failure _,Event.End _ -> bar.end();
            case Event.Start _,Event.Step _,Event.MemoryPlan _ -> {
            }
        }
    }

    @Override
    public void close() {
        bar.end();
    }
}
