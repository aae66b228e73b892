package dev.culebra.experiments.cli;

import java.util.Locale;

import dev.culebra.experiments.prepare.PreparationListener;
import dev.culebra.experiments.run.PacedLines;
import dev.culebra.experiments.run.TerminalBar;

/** Shows how far a preparation is: a bar on a terminal, elsewhere a line now and then. */
final class PreparationDisplay implements PreparationListener, AutoCloseable {
    private static final double MEBIBYTE = 1 << 20;

    private final Console console;
    private final TerminalBar bar;
    private final PacedLines lines;

    PreparationDisplay(Console console) {
        this.console = console;
        this.bar = new TerminalBar(console.out());
        this.lines = new PacedLines(console.out(), "");
    }

    @Override
    public void progress(String task, long done, long total) {
        String message = String.format(Locale.ROOT, "%.1f", done / MEBIBYTE)
                + (total < 0 ? " MiB" : String.format(Locale.ROOT, " of %.1f MiB", total / MEBIBYTE));
        if (console.terminal()) {
            bar.show(task, done, Math.max(total, done), message);
        } else if (lines.isDue()) {
            lines.print(task + ": " + message);
        }
    }

    @Override
    public void note(String sentence) {
        bar.end();
        lines.print(sentence);
    }

    @Override
    public void close() {
        bar.end();
    }
}
