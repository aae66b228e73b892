package dev.culebra.experiments.run;

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
        return finite.length == 0 ? Optional.empty() : Optional.of(ofAll(finite));
    }

    /** That of all these numbers, at least one. */
    static Statistic ofAll(double... numbers) {
        double mean = DoubleStream.of(numbers).average().orElseThrow();
        double squares = DoubleStream.of(numbers).map(number -> (number - mean) * (number - mean)).sum();
        return new Statistic(mean, numbers.length < 2 ? 0 : Math.sqrt(squares / (numbers.length - 1)), numbers.length);
    }
}
