package dev.culebra.tools.benchmarks;

import java.util.List;

/**
 * How much a program has of what it was to measure: in its exit code and in a line of its output, which {@code tools/gpu/check}
 * reads.
 *
 * @param failed whether something went wrong
 * @param results how many results there are
 * @param missing what there is no result of, for want of time or because it went wrong
 */
public record Completeness(boolean failed, int results, List<String> missing) {
    /** The exit code of a program that has some of its results, since its time was over. */
    public static final int PARTIAL = 75;

    /** 0 if all is there; 1 if something went wrong, or nothing is there; else {@link #PARTIAL}. */
    public int exitCode() {
        if (failed || results == 0) {
            return 1;
        }
        return missing.isEmpty() ? 0 : PARTIAL;
    }

    /** One line that names what is missing; empty if nothing is. */
    public String line() {
        return missing.isEmpty() ? "" : "missing: " + String.join("; ", missing) + "\n";
    }
}
