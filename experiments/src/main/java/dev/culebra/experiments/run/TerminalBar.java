package dev.culebra.experiments.run;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntSupplier;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressState;

/** A progress bar on a terminal, one at a time, on the line below what stays. */
public final class TerminalBar {
    private final PrintStream out;
    private final IntSupplier columns;
    private Optional<ProgressBar> bar = Optional.empty();
    private String task = "";

    /** No bar yet. */
    public TerminalBar(PrintStream out) {
        this(out, TerminalWidth::columns);
    }

    /** The same on a terminal so many columns wide; the width is asked for with each new bar. */
    TerminalBar(PrintStream out, IntSupplier columns) {
        this.out = out;
        this.columns = columns;
    }

    /**
     * Shows how far a task is.
     *
     * @param newTask its name; another one than before begins a new bar
     * @param total what {@code done} will be at the end
     * @param message more about it
     */
    public void show(String newTask, long done, long total, String message) {
        if (!newTask.equals(task)) {
            end();
            task = newTask;
            bar = Optional.of(new ProgressBarBuilder().setTaskName(newTask).setInitialMax(total)
                    .setRenderer(TerminalBar::line).setUpdateIntervalMillis(200).clearDisplayOnFinish()
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

    /** Such as {@code ===>   }. */
    static String filling(long done, long total, int cells) {
        int full = Math.toIntExact(cells * done / total);
        return "=".repeat(full) + (full < cells ? ">" + " ".repeat(cells - full - 1) : "");
    }

    /** Takes the bar away. */
    public void end() {
        bar.ifPresent(ProgressBar::close);
        bar = Optional.empty();
        task = "";
    }
}
