package dev.culebra.experiments.report.runs;

import java.util.Optional;
import java.util.stream.DoubleStream;

/**
 * A number of one run, or of several that differ in nothing but their seed.
 *
 * @param mean their mean
 * @param deviation their sample standard deviation, with n - 1 below; 0 for one run
 * @param count n
 */
public record Statistic(double mean, double deviation, int count) {
    /** That of these numbers, of which those that are not finite are left out; nothing where no number is left. */
    public static Optional<Statistic> of(DoubleStream numbers) {
        double[] finite = numbers.filter(Double::isFinite).toArray();
        if (finite.length == 0) {
            return Optional.empty();
        }
        double mean = DoubleStream.of(finite).average().orElseThrow();
        double squares = DoubleStream.of(finite).map(number -> (number - mean) * (number - mean)).sum();
        return Optional.of(new Statistic(mean, finite.length < 2 ? 0 : Math.sqrt(squares / (finite.length - 1)),
                finite.length));
    }
}
