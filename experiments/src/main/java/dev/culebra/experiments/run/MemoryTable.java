package dev.culebra.experiments.run;

import java.util.Locale;

/** Shows people what a run needs its memory for. */
public final class MemoryTable implements RunListener {
    private static final double MEBIBYTE = 1 << 20;

    private final RunListener display;

    /** A table that {@code display} is to show as soon as the run has its memory. */
    public MemoryTable(RunListener display) {
        this.display = display;
    }

    @Override
    public void event(Event event) {
        if (event instanceof Event.MemoryPlan plan) {
            TextTable table = new TextTable("memory for", "MiB");
            row(table, "parameters", plan.parameters());
            row(table, "gradients", plan.gradients());
            row(table, "optimiser state", plan.optimizerState());
            row(table, "activations", plan.activations());
            row(table, "batches", plan.batches());
            row(table, "workspace", plan.workspace());
            row(table, "all of it", plan.total());
            table.lines().forEach(display::note);
        }
    }

    private static void row(TextTable table, String purpose, long bytes) {
        table.row(purpose, String.format(Locale.ROOT, "%,.1f", bytes / MEBIBYTE));
    }
}
