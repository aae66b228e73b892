package dev.culebra.tools.benchmarks.results;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.culebra.tools.benchmarks.MarkdownTable;
import dev.culebra.tools.benchmarks.Measurements;
import dev.culebra.tools.benchmarks.Measurements.Spread;

/**
 * What several did, one of whom the others are compared with.
 *
 * @param title what was measured, for people
 * @param ours our ways, by their names in the measurements
 * @param peer the way that each of ours is compared with: above 1, ours needs less
 * @param unit of the numbers shown, such as {@code ms}
 * @param perUnit how many of the measured ones make one of that unit
 * @param numbers for each row and way, one number for each round
 */
public record Comparisons(String title, List<String> ours, String peer, String unit, double perUnit,
        Map<String, Map<String, List<Double>>> numbers) {
    /** The numbers as measurements. */
    public Measurements measurements() {
        return Measurements.of(numbers);
    }

    /** The ratio of a row, where both were measured. */
    public Optional<Spread> ratio(String row, String way) {
        Measurements measured = measurements();
        return measured.has(row, way) && measured.has(row, peer)
                ? Optional.of(measured.ratio(row, peer, way))
                : Optional.empty();
    }

    /** The table, ratios first; a cell is empty where a row was not done in a way. */
    public String markdown() {
        List<String> headings = new ArrayList<>(List.of("what"));
        ours.forEach(way -> headings.add(peer + " / " + way));
        List<String> ways = new ArrayList<>(ours);
        ways.add(peer);
        ways.forEach(way -> headings.add(way + ", " + unit));
        MarkdownTable table = new MarkdownTable(1, headings);
        Measurements measured = measurements();
        for (String row : measured.rows()) {
            List<String> cells = new ArrayList<>(List.of(row));
            ours.forEach(way -> cells.add(ratio(row, way).map(Spread::ratio).orElse("")));
            ways.forEach(way -> cells.add(measured.has(row, way)
                    ? MarkdownTable.number(measured.time(row, way).median() / perUnit)
                    : ""));
            table.row(cells);
        }
        return table.toString();
    }
}
