package dev.culebra.experiments.run;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntSupplier;

import dev.culebra.experiments.data.SplitName;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressState;

/** Shows a run on a terminal: one bar at a time, for an epoch or an evaluation, and lines for what stays. */
public final class BarDisplay implements RunListener {
    private final PrintStream out;
    private final IntSupplier columns;
    private Optional<ProgressBar> bar = Optional.empty();
    private String task = "";

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
        this.columns = columns;
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
        show(split.toString(), batch, batches, "batch " + batch + "/" + batches);
    }

    @Override
    public void event(Event event) {
        switch (event) {
            case Event.Epoch epoch -> note(ProgressText.of(epoch));
            case Event.Evaluation _,Event.End _ -> endBar();
            case Event.Start _,Event.Step _,Event.MemoryPlan _ -> {
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
                    .setRenderer(BarDisplay::line).setUpdateIntervalMillis(200).clearDisplayOnFinish()
                    .setConsumer(new ConsoleProgressBarConsumer(out, columns.getAsInt())).build());
        }
        bar.ifPresent(shown -> shown.setExtraMessage(message).stepTo(done));
    }

    /**
     * Such as {@code epoch 3/10  41% [====>      ] loss 5.1234 ppl 168.0 3,210 tok/s 1:23 left}: the bar takes the
     * columns that the words leave it, as the library's own line would rather cut the words short. It is as long as the
     * terminal is wide, to cover the line before it.
     */
    private static String line(ProgressState state, int columns) {
        long done = state.getCurrent();
        long total = Math.max(1, state.getMax());
        String start = state.getTaskName() + String.format(Locale.ROOT, " %3d%% ", 100 * done / total);
        String message = state.getExtraMessage();
        int cells = columns - start.length() - "[] ".length() - message.length();
        String line = start + (cells > 0 ? "[" + filling(done, total, cells) + "] " : "") + message;
        return line + " ".repeat(Math.max(0, columns - line.length()));
    }

    private static String filling(long done, long total, int cells) {
        int full = Math.toIntExact(cells * done / total);
        return "=".repeat(full) + (full < cells ? ">" + " ".repeat(cells - full - 1) : "");
    }

    private void endBar() {
        bar.ifPresent(ProgressBar::close);
        bar = Optional.empty();
        task = "";
    }
}
