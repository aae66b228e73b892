package dev.culebra.tools.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A table in Markdown, its first columns text and the others numbers. */
public final class MarkdownTable {
    private final int columns;
    private final List<String> lines = new ArrayList<>();

    /**
     * A table without rows.
     *
     * @param text how many columns, from the left, are text; the others are set to the right
     */
    public MarkdownTable(int text, List<String> headings) {
        columns = headings.size();
        List<String> rule = new ArrayList<>(Collections.nCopies(text, "---"));
        rule.addAll(Collections.nCopies(columns - text, "---:"));
        lines.add(line(headings));
        lines.add(line(rule));
    }

    /**
     * Adds a row.
     *
     * @throws IllegalArgumentException if it has not as many cells as there are headings
     */
    public void row(List<String> cells) {
        if (cells.size() != columns) {
            throw new IllegalArgumentException(cells.size() + " cells for " + columns + " columns: " + cells);
        }
        lines.add(line(cells));
    }

    /** A number with three digits or so. */
    public static String number(double value) {
        return String.format(Locale.ROOT, value < 1 ? "%.3f" : value < 100 ? "%.1f" : "%.0f", value);
    }

    private static String line(List<String> cells) {
        return cells.stream().collect(Collectors.joining(" | ", "| ", " |"));
    }

    @Override
    public String toString() {
        return String.join("\n", lines) + "\n";
    }
}
