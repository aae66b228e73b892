package dev.culebra.tools.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A table in Markdown: what the other ways take relative to ours, then all times.
 *
 * @param what the heading of the rows
 * @param ours the way that the others are compared with
 * @param others the ways that are compared with it, by their names in the measurements
 * @param unit the heading of the times, such as {@code ns}
 * @param perUnit how many of the measured nanoseconds make one of that unit
 */
public record RatioTable(String what, String ours, List<String> others, String unit, double perUnit) {

    /** The table; a cell is empty where a row was not done in a way. */
    public String markdown(Measurements measurements) {
        List<String> ways = Stream.concat(Stream.of(ours), others.stream()).toList();
        List<String> headings = new ArrayList<>(List.of(what));
        others.forEach(other -> headings.add(other + " / " + ours));
        ways.forEach(way -> headings.add(way + ", " + unit));
        MarkdownTable table = new MarkdownTable(1, headings);
        for (String row : measurements.rows()) {
            List<String> cells = new ArrayList<>(List.of(row));
            others.forEach(other -> cells.add(measurements.has(row, other) && measurements.has(row, ours)
                    ? measurements.ratio(row, other, ours).ratio()
                    : ""));
            ways.forEach(way -> cells.add(measurements.has(row, way)
                    ? MarkdownTable.number(measurements.time(row, way).median() / perUnit)
                    : ""));
            table.row(cells);
        }
        return table.toString();
    }
}
