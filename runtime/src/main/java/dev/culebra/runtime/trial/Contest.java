package dev.culebra.runtime.trial;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import dev.culebra.runtime.cublas.CublasException;
import dev.culebra.runtime.cudnn.CudnnException;
import dev.culebra.runtime.driver.CudaException;
import dev.culebra.runtime.driver.CudaGraph;
import dev.culebra.runtime.driver.CudaOutOfMemoryException;
import dev.culebra.runtime.driver.Event;
import dev.culebra.runtime.driver.ExecutableGraph;
import dev.culebra.runtime.driver.Stream;

/**
 * Tries contenders one after another; the results of the first that runs are what those of the others are compared with. Waits
 * for the stream: not in a capture.
 *
 * <p>A contender that breaks the context, as by an illegal address, ends the process with it: nothing can be tried after that.
 */
public final class Contest {
    /** The largest of many errors, in those that one rounding makes. */
    private static final int LARGEST_ERROR = 16;
    /** How often each is measured. */
    private static final int REPETITIONS = 5;

    private final Stream stream;
    private final double tolerance;
    private Optional<List<double[]>> standard = Optional.empty();

    /**
     * A contest without contenders.
     *
     * @param stream where all of them queue their work
     * @param tolerance how far each result may be from the first contender's: the norm of the difference, in norms of the result
     */
    public Contest(Stream stream, double tolerance) {
        this.stream = stream;
        this.tolerance = tolerance;
    }

    /**
     * How far two ways to compute the same may be apart, as a contest takes it.
     *
     * @param roundings the relative errors of what each rounds, one after another
     * @param terms of the longest sum
     * @param unit the relative error of an addition
     */
    static double tolerance(double roundings, long terms, double unit) {
        return LARGEST_ERROR * (roundings + Math.sqrt(terms) * unit);
    }

    /**
     * Tries one.
     *
     * @throws CudaException if its work failed so that nothing more can be done on the device, or for want of memory
     */
    public Outcome enter(Contender contender) {
        try {
            List<double[]> results = results(contender, () -> runAll(contender)); // This first run also loads its kernels.
            boolean correct = standard.map(expected -> areClose(expected, results)).orElse(true);
            standard = standard.or(() -> Optional.of(results));
            double milliseconds = time(contender);
            boolean repeatable = areSame(results, results(contender, () -> runAll(contender)));
            return new Outcome(Optional.empty(), milliseconds, correct, repeatable, isCapturable(contender, results));
        } catch (CublasException | CudnnException refusal) {
            return Outcome.refused(refusal.getMessage());
        } catch (CudaOutOfMemoryException lacking) {
            throw lacking;
        } catch (CudaException failure) {
            if (failure.isSticky()) {
                throw failure;
            }
            return Outcome.refused(failure.getMessage());
        }
    }

    private static void runAll(Contender contender) {
        contender.run();
        contender.runUntimed();
    }

    private List<double[]> results(Contender contender, Runnable work) {
        contender.results().forEach(result -> result.invalidate(stream));
        work.run();
        List<double[]> samples = new ArrayList<>();
        contender.results().forEach(result -> samples.add(result.sample(stream)));
        return samples;
    }

    private double time(Contender contender) {
        double shortest = Double.POSITIVE_INFINITY;
        try (Event start = Event.withTiming(stream.context()); Event end = Event.withTiming(stream.context())) {
            for (int repetition = 0; repetition < REPETITIONS; repetition++) {
                start.record(stream);
                contender.run();
                end.record(stream);
                shortest = Math.min(shortest, end.millisecondsSince(start));
            }
        }
        return shortest;
    }

    private boolean isCapturable(Contender contender, List<double[]> expected) {
        try (CudaGraph graph = stream.capture(() -> runAll(contender));
                ExecutableGraph executable = graph.instantiate()) {
            return areSame(expected, results(contender, () -> executable.launch(stream)));
        } catch (CublasException | CudnnException refusal) {
            return false;
        } catch (CudaException failure) {
            if (failure.isSticky()) {
                throw failure;
            }
            return false;
        }
    }

    private boolean areClose(List<double[]> expected, List<double[]> found) {
        for (int result = 0; result < expected.size(); result++) {
            if (!isClose(expected.get(result), found.get(result))) {
                return false;
            }
        }
        return true;
    }

    /** What nobody writes, such as the gaps between rows, is NaN on both sides. */
    private boolean isClose(double[] expected, double[] found) {
        double difference = 0;
        double size = 0;
        for (int i = 0; i < expected.length; i++) {
            if (!(Double.isNaN(expected[i]) && Double.isNaN(found[i]))) {
                difference += (found[i] - expected[i]) * (found[i] - expected[i]);
                size += expected[i] * expected[i];
            }
        }
        return Math.sqrt(difference) <= tolerance * Math.sqrt(size);
    }

    private static boolean areSame(List<double[]> expected, List<double[]> found) {
        for (int result = 0; result < expected.size(); result++) {
            if (!Arrays.equals(expected.get(result), found.get(result))) {
                return false;
            }
        }
        return true;
    }
}
