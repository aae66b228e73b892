package dev.culebra.experiments.run;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;

import dev.culebra.experiments.data.SplitName;

/**
 * Shows several runs on a terminal: at its foot a line for each run that goes on, drawn anew as it does, and a line that counts
 * them; above, what stays. (The bars of {@link TerminalBar} are one at a time: the library's way to have several asks JLine
 * for the terminal, as {@link TerminalWidth} tells.)
 */
public final class StudyBoard implements StudyDisplay {
    private static final long NANOSECONDS_BETWEEN_DRAWINGS = 200_000_000;
    /** Enough for a bar to tell something. */
    private static final int LEAST_CELLS = 6;
    private static final String ESCAPE = "\u001b[";

    private final PrintStream out;
    private final IntSupplier terminalColumns;
    private final int runs;
    private final int nameWidth;
    private final List<Row> going = new ArrayList<>();
    private final Set<String> said = new HashSet<>();
    private int ended;
    private int columns;
    private int linesDrawn;
    private long lastDrawing;

    /**
     * A board without a run.
     *
     * @param out the terminal
     * @param runs the names of all runs that there will be
     */
    public StudyBoard(PrintStream out, List<String> runs) {
        this(out, runs, TerminalWidth::columns);
    }

    /** The same on a terminal so many columns wide; the width is asked for whenever a run or an epoch begins. */
    StudyBoard(PrintStream out, List<String> runs, IntSupplier columns) {
        this.out = out;
        this.runs = runs.size();
        this.nameWidth = runs.stream().mapToInt(String::length).max().orElse(0);
        this.terminalColumns = columns;
        this.columns = columns.getAsInt();
    }

    @Override
    public RunListener of(String run) {
        return new Row(run);
    }

    @Override
    public synchronized void note(String sentence) {
        erase();
        out.println(sentence);
        draw();
    }

    @Override
    public synchronized void close() {
        erase();
        going.clear();
    }

    private void erase() {
        if (linesDrawn > 0) {
            out.print(ESCAPE + linesDrawn + "A\r" + ESCAPE + "J");
            linesDrawn = 0;
        }
    }

    private void draw() {
        if (going.isEmpty()) {
            out.flush();
            return;
        }
        going.forEach(row -> out.println(row.line(columns)));
        out.println(fitted(ended + " of " + Numbers.counted(runs, "run") + " ended, " + going.size() + " going on",
                columns));
        out.flush();
        linesDrawn = going.size() + 1;
        lastDrawing = System.nanoTime();
    }

    private synchronized void redraw() {
        if (System.nanoTime() - lastDrawing >= NANOSECONDS_BETWEEN_DRAWINGS) {
            erase();
            draw();
        }
    }

    private synchronized void begin(Row row) {
        erase();
        columns = terminalColumns.getAsInt();
        going.add(row);
        draw();
    }

    private synchronized void end(Row row) {
        erase();
        going.remove(row);
        ended++;
        draw();
    }

    private synchronized void noteOnce(String sentence) {
        if (said.add(sentence)) {
            note(sentence);
        }
    }

    /** A line that wrapped would be two, of which only one would be erased. */
    private static String fitted(String line, int columns) {
        return line.length() < columns ? line : line.substring(0, Math.max(0, columns - 1));
    }

    /** A run's line, which its own thread changes and any thread draws. */
    private final class Row implements RunListener {
        private final String run;
        private volatile boolean begun;
        private volatile Optional<Progress> progress = Optional.empty();
        private volatile String evaluating = "";
        private volatile double best = Double.POSITIVE_INFINITY;

        Row(String run) {
            this.run = run;
        }

        /** What runs say of themselves before they begin, of data and device most often, they say alike. */
        @Override
        public void note(String sentence) {
            if (begun) {
                StudyBoard.this.note(run + " | " + sentence);
            } else {
                noteOnce(sentence);
            }
        }

        @Override
        public void progress(Progress made) {
            evaluating = "";
            best = made.bestPerplexity();
            progress = Optional.of(made);
            redraw();
        }

        @Override
        public void evaluating(SplitName split, int batch, int batches) {
            evaluating = "evaluates " + split + " " + batch + "/" + batches;
            redraw();
        }

        @Override
        public void event(Event event) {
            if (event instanceof Event.Start) {
                begun = true;
                begin(this);
            } else if (event instanceof Event.Epoch epoch) {
                best = Math.min(best, epoch.validation().perplexity());
                redraw();
            }
        }

        @Override
        public void close() {
            end(this);
        }

        /** Such as {@code exp10  41% [====>      ] epoch 5/10 step 1234/2990 best 146.1 3:07 left}. */
        private String line(int width) {
            String name = run + " ".repeat(nameWidth - run.length());
            return progress.map(made -> line(name, made, width)).orElseGet(() -> fitted(name + "  begins", width));
        }

        private String line(String name, Progress made, int width) {
            String start = name
                    + String.format(Locale.ROOT, " %3d%% ", 100 * made.step() / Math.max(1, made.totalSteps()));
            String words = "epoch " + made.epoch() + "/" + made.epochs() + " "
                    + (evaluating.isEmpty() ? "step " + made.step() + "/" + made.totalSteps() : evaluating)
                    + (Double.isFinite(best) ? " best " + Numbers.perplexity(best) : "") + " "
                    + Durations.of(made.secondsLeft()) + " left";
            int cells = width - 1 - start.length() - words.length() - "[] ".length();
            return fitted(start
                    + (cells < LEAST_CELLS
                            ? ""
                            : "[" + TerminalBar.filling(made.step(), Math.max(1, made.totalSteps()), cells) + "] ")
                    + words, width);
        }
    }
}
