package dev.culebra.experiments.run;

import java.io.PrintStream;

/** Lines for files and pipes: some must come, others only if there was none for a while. From any thread. */
public final class PacedLines {
    private static final double SECONDS_BETWEEN_LINES = 10;

    private final PrintStream out;
    private final String prefix;
    private long lastLine = System.nanoTime();

    /**
     * No line yet.
     *
     * @param prefix stands before each
     */
    public PacedLines(PrintStream out, String prefix) {
        this.out = out;
        this.prefix = prefix;
    }

    /** Whether there was no line for so long that people would like to see one. */
    public synchronized boolean isDue() {
        return (System.nanoTime() - lastLine) / 1e9 >= SECONDS_BETWEEN_LINES;
    }

    /** Prints a line. */
    public synchronized void print(String text) {
        out.println(prefix + text);
        lastLine = System.nanoTime();
    }
}
