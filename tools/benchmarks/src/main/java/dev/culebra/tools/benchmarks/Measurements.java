package dev.culebra.tools.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** How long things took: for each row (what was done) and each way of doing it, one number for each round. */
public final class Measurements {
    /** The middle of some numbers, and the smallest and the largest. */
    public record Spread(double median, double lowest, double highest) {
        /** Of these, of which there is one at least. */
        public static Spread of(double... values) {
            double[] sorted = values.clone();
            Arrays.sort(sorted);
            int middle = sorted.length / 2;
            double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
            return new Spread(median, sorted[0], sorted[sorted.length - 1]);
        }

        /** As a ratio in a table: the middle in bold, and the smallest and the largest where they differ. */
        public String ratio() {
            String middle = String.format(Locale.ROOT, "**%.2f**", median);
            return lowest == highest ? middle : middle + String.format(Locale.ROOT, " (%.2f to %.2f)", lowest, highest);
        }
    }

    private final Map<String, Map<String, List<Double>>> times = new LinkedHashMap<>();

    /** Those that {@link #toMap()} gave. */
    public static Measurements of(Map<String, Map<String, List<Double>>> times) {
        Measurements measurements = new Measurements();
        times.forEach(
                (row, ways) -> ways.forEach((way, rounds) -> rounds.forEach(time -> measurements.add(row, way, time))));
        return measurements;
    }

    /** All numbers: for each row and each way one for each round, in the order in which they came. */
    public Map<String, Map<String, List<Double>>> toMap() {
        Map<String, Map<String, List<Double>>> copy = new LinkedHashMap<>();
        times.forEach((row, ways) -> {
            Map<String, List<Double>> rounds = new LinkedHashMap<>();
            ways.forEach((way, numbers) -> rounds.put(way, List.copyOf(numbers)));
            copy.put(row, rounds);
        });
        return copy;
    }

    /** Adds the time of the next round. */
    public void add(String row, String way, double time) {
        times.computeIfAbsent(row, absent -> new LinkedHashMap<>()).computeIfAbsent(way, absent -> new ArrayList<>())
                .add(time);
    }

    /** Adds all that another object holds, as rounds after those of this one. */
    public void addAll(Measurements later) {
        later.times.forEach((row, ways) -> ways.forEach((way, rounds) -> rounds.forEach(time -> add(row, way, time))));
    }

    /** What was done, in the order of the first round. */
    public List<String> rows() {
        return List.copyOf(times.keySet());
    }

    /** Whether a row was done in this way. */
    public boolean has(String row, String way) {
        return times.getOrDefault(row, Map.of()).containsKey(way);
    }

    /** The times of a row done in one way. */
    public Spread time(String row, String way) {
        return Spread.of(rounds(row, way));
    }

    /**
     * How many times as long one way takes as another, each round's ratio by itself.
     *
     * @throws IllegalArgumentException if one has other rounds than the other
     */
    public Spread ratio(String row, String way, String to) {
        double[] above = rounds(row, way);
        double[] below = rounds(row, to);
        if (above.length != below.length) {
            throw new IllegalArgumentException(row + ": " + above.length + " rounds of " + way + ", " + below.length
                    + " of " + to);
        }
        return Spread.of(IntStream.range(0, above.length).mapToDouble(round -> above[round] / below[round]).toArray());
    }

    private double[] rounds(String row, String way) {
        if (!has(row, way)) {
            throw new IllegalArgumentException("nothing was measured of " + row + " by " + way);
        }
        return times.get(row).get(way).stream().mapToDouble(Double::doubleValue).toArray();
    }
}
