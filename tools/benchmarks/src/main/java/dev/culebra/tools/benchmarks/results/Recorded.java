package dev.culebra.tools.benchmarks.results;

import java.util.Locale;

import dev.culebra.experiments.report.document.Figure;

/** What one run of a part of the benchmarks measured on one machine. */
public interface Recorded {
    /** The machine, for people. */
    String machine();

    /** What the page says of it: circumstances, tables with ratios first, notes. */
    String markdown();

    /** Its figure. */
    Figure figure();

    /** The machine's name as a file may be called. */
    default String slug() {
        return machine().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    }
}
