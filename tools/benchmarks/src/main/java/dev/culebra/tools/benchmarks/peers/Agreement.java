package dev.culebra.tools.benchmarks.peers;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How far results lie from DJL's: |a - b| / |b| in the Euclidean norm, the largest over some runs and over all quantities.
 *
 * @param row what was compared
 * @param distances of each way but DJL's own
 */
record Agreement(Comparison row, Map<Way, Double> distances) {
    /** Runs that are compared: later steps start from what earlier ones learned. */
    private static final int RUNS = 3;

    /**
     * Runs a row in DJL's way and in others.
     *
     * @param ways which; DJL's own among them means nothing
     * @throws IllegalStateException if one computes something else
     */
    static Agreement of(Comparison row, List<Way> ways, Conditions conditions) {
        Map<Way, Double> distances = new EnumMap<>(Way.class);
        List<List<double[]>> expected = results(row, Way.DJL, conditions);
        for (Way way : ways) {
            if (way != Way.DJL) {
                double distance = largest(results(row, way, conditions), expected);
                if (!(distance <= way.tolerance())) {
                    throw new IllegalStateException(String.format(Locale.ROOT,
                            "%s: %s is not what djl gives: %.2g apart, and at most %.2g is rounding", row, way,
                            distance,
                            way.tolerance()));
                }
                distances.put(way, distance);
            }
        }
        return new Agreement(row, distances);
    }

    private static List<List<double[]>> results(Comparison row, Way way, Conditions conditions) {
        try (Peer peer = row.peer(way, conditions)) {
            List<List<double[]>> results = new ArrayList<>();
            for (int run = 0; run < RUNS; run++) {
                peer.run();
                results.add(peer.result());
            }
            return results;
        }
    }

    private static double largest(List<List<double[]>> results, List<List<double[]>> expected) {
        double largest = 0;
        for (int run = 0; run < RUNS; run++) {
            for (int quantity = 0; quantity < expected.get(run).size(); quantity++) {
                largest = Math.max(largest,
                        distance(results.get(run).get(quantity), expected.get(run).get(quantity)));
            }
        }
        return largest;
    }

    /** |a - b| / |b|; infinite if they have not as many elements, or one of them is no number. */
    static double distance(double[] a, double[] b) {
        if (a.length != b.length || b.length == 0) {
            return Double.POSITIVE_INFINITY;
        }
        double difference = 0;
        double size = 0;
        for (int i = 0; i < a.length; i++) {
            difference += (a[i] - b[i]) * (a[i] - b[i]);
            size += b[i] * b[i];
        }
        double distance = Math.sqrt(difference / size);
        return Double.isNaN(distance) ? Double.POSITIVE_INFINITY : distance;
    }
}
