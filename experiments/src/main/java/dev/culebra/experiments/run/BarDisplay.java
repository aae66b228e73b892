package dev.culebra.experiments.run;

import java.io.PrintStream;
import java.util.Optional;

import dev.culebra.experiments.data.SplitName;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows a run on a terminal: one bar at a time, for an epoch or an evaluation, and lines for what stays. */
public final class BarDisplay implements RunListener {
    private final PrintStream out;
    private Optional<ProgressBar> bar = Optional.empty();
    private String task = "";

    /**
     * A display.
     *
     * @param out the terminal
     */
    public BarDisplay(PrintStream out) {
        this.out = out;
    }

    @Override
    public void note(String sentence) {
        endBar();
        out.println(sentence);
    }

    @Override
    public void progress(Progress progress) {
        show("epoch " + progress.epoch() + "/" + progress.epochs(), progress.stepOfEpoch(), progress.stepsPerEpoch(),
                ProgressText.shortly(progress));
    }

    @Override
    public void evaluating(SplitName split, int batch, int batches) {
        show(split.toString(), batch, batches, "");
    }

    @Override
    public void event(Event event) {
        switch (event) {
            case Event.Epoch epoch -> note(ProgressText.of(epoch));
            case Event.Evaluation _,Event.End _ -> endBar();
            case Event.Start _,Event.Step _ -> {
            }
        }
    }

    @Override
    public void close() {
        endBar();
    }

    private void show(String newTask, int done, int total, String message) {
        if (!newTask.equals(task)) {
            endBar();
            task = newTask;
            bar = Optional.of(new ProgressBarBuilder().setTaskName(newTask).setInitialMax(total)
                    .setStyle(ProgressBarStyle.ASCII).setUpdateIntervalMillis(200).hideEta().clearDisplayOnFinish()
                    .setConsumer(new ConsoleProgressBarConsumer(out, TerminalWidth.columns())).build());
        }
        bar.ifPresent(shown -> shown.setExtraMessage(message).stepTo(done));
    }

    private void endBar() {
        bar.ifPresent(ProgressBar::close);
        bar = Optional.empty();
        task = "";
    }
}
