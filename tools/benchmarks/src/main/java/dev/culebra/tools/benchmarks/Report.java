package dev.culebra.tools.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A page that keeps results, each between two comments that say who writes there. */
final class Report {
    private Report() {}

    /** Replaces what a page says of a part. */
    static void record(Path page, String part, String results) {
        try {
            Files.writeString(page, replace(Files.readString(page), part, results));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /**
     * The page with other results of a part.
     *
     * @throws IllegalArgumentException if it has no place for them
     */
    static String replace(String page, String part, String results) {
        String begin = "<!-- " + part + ": written by the benchmarks -->\n";
        String end = "<!-- end of " + part + " -->";
        int from = page.indexOf(begin);
        int to = page.indexOf(end);
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("the page has no place for " + part);
        }
        return page.substring(0, from + begin.length()) + "\n" + results.strip() + "\n\n" + page.substring(to);
    }
}
