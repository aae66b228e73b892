package dev.culebra.runtime.operation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

import dev.culebra.runtime.BFloat16;
import dev.culebra.runtime.Backend;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.Precision;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Storage;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.Tolerance;
import dev.culebra.runtime.driver.CudaException;
import dev.culebra.runtime.reference.ReferenceBackend;
import dev.culebra.runtime.standin.StandIn;

/**
 * The same calls with the same numbers on a backend under test and on the reference.
 *
 * <p>The numbers are random from a fixed seed, and rounded to what the backend computes with, so that what differs in
 * the end is how it computes. Whatever an operation is to overwrite starts as NaN.
 */
final class Comparison implements AutoCloseable {
    private final Random random = new Random(42);
    private final Backend candidate;
    private final List<Storage> storages = new ArrayList<>();
    private final Backend reference = new ReferenceBackend();

    Comparison(TestBackends candidate) {
        this.candidate = candidate.open();
    }

    /** The backend under test. */
    Backend candidate() {
        return candidate;
    }

    /** The reference. */
    Backend reference() {
        return reference;
    }

    /** One tensor on each backend. */
    record Twin(Tensor candidate, Tensor reference) {}

    /** One of the two backends, with its half of each twin. */
    record Side(Backend backend, boolean isReference) {
        Tensor of(Twin twin) {
            return choose(twin.candidate, twin.reference);
        }

        <T> T choose(T ofCandidate, T ofReference) {
            return isReference ? ofReference : ofCandidate;
        }
    }

    /** Normally distributed activations. */
    Twin activations(int... sizes) {
        return filled(candidate.activationType(), reference.activationType(), Shape.of(sizes), 1);
    }

    /** Normally distributed parameters. */
    Twin parameters(int... sizes) {
        return scaledParameters(1, sizes);
    }

    /** Normally distributed parameters with this standard deviation. */
    Twin scaledParameters(double deviation, int... sizes) {
        return filled(candidate.parameterType(), reference.parameterType(), Shape.of(sizes), deviation);
    }

    /** Token ids in 0..bound-1. */
    Twin tokens(int bound, int... sizes) {
        Shape shape = Shape.of(sizes);
        Twin twin = allocate(DataType.I32, shape, DataType.I32, shape);
        int[] values = random.ints(twin.reference.elements(), 0, bound).toArray();
        twin.candidate.set(values);
        twin.reference.set(values);
        return twin;
    }

    /** Activations that are to be overwritten. */
    Twin newActivations(int... sizes) {
        return newActivations(Shape.of(sizes), Shape.of(sizes));
    }

    /** Activations that are to be overwritten, of shapes that the backends chose. */
    Twin newActivations(Shape ofCandidate, Shape ofReference) {
        return nan(allocate(candidate.activationType(), ofCandidate, reference.activationType(), ofReference));
    }

    /** Parameters, or their gradients, that are to be overwritten. */
    Twin newParameters(int... sizes) {
        return newParameters(Shape.of(sizes), Shape.of(sizes));
    }

    /** Parameters that are to be overwritten, of shapes that the backends chose. */
    Twin newParameters(Shape ofCandidate, Shape ofReference) {
        return nan(allocate(candidate.parameterType(), ofCandidate, reference.parameterType(), ofReference));
    }

    /** Gives both halves new random numbers, and marks them as modified. */
    void refill(Twin twin) {
        set(twin, random.doubles(twin.reference.elements(), -1, 1).toArray());
    }

    /** Makes both halves {@code values}, rounded to what the candidate computes with. */
    void set(Twin twin, double... values) {
        double[] rounded = values.clone();
        if (candidate.precision() == Precision.BF16) {
            for (int i = 0; i < rounded.length; i++) {
                rounded[i] = BFloat16.toFloat(BFloat16.fromFloat((float) rounded[i]));
            }
        }
        twin.candidate.set(rounded);
        twin.reference.set(twin.candidate.toDoubles());
    }

    /** Makes the calls on both backends. */
    void run(Consumer<Side> calls) {
        try {
            calls.accept(new Side(candidate, false));
            candidate.synchronize();
        } catch (CudaException failure) {
            // What the driver says is only the kind of failure; the stand-in knows kernel, thread and reason.
            failure.addSuppressed(new AssertionError(StandIn.message()));
            throw failure;
        }
        calls.accept(new Side(reference, true));
    }

    /**
     * How far a result may be from the reference's, as {@link Tolerance} computes it.
     *
     * @param terms n, the longest sum
     * @param steps how many sums follow one another
     * @param scale s; 0 for the root mean square of the reference's numbers
     * @param ofMasters whether all operands are parameters, gradients and state, which are never rounded to bf16
     */
    record Rounding(long terms, int steps, double scale, boolean ofMasters) {
        /** Of a single sum. */
        static Rounding ofSum(long terms) {
            return new Rounding(terms, 1, 0, false);
        }

        /** Of so many sums, one after another. */
        Rounding inSteps(int count) {
            return new Rounding(terms, count, scale, ofMasters);
        }

        /** Of numbers of this size, where the results are differences of them. */
        Rounding ofSize(double size) {
            return new Rounding(terms, steps, size, ofMasters);
        }

        /** Of parameters, gradients and state. */
        Rounding inMasters() {
            return new Rounding(terms, steps, scale, true);
        }
    }

    /** Asserts that the backend's numbers are the reference's within what rounding explains. */
    void assertClose(String name, Twin twin, Rounding rounding) {
        Precision precision = candidate.precision();
        Precision ofOperands = rounding.ofMasters && precision != Precision.FP64 ? Precision.FP32 : precision;
        Tolerance.of(ofOperands, rounding.terms).inSteps(rounding.steps).ofSize(rounding.scale).assertClose(
                name + " of " + twin.candidate.shape(), twin.reference.toDoubles(), twin.candidate.toDoubles());
    }

    private Twin filled(DataType ofCandidate, DataType ofReference, Shape shape, double deviation) {
        Twin twin = allocate(ofCandidate, shape, ofReference, shape);
        double[] values = new double[Math.toIntExact(shape.elements())];
        Arrays.setAll(values, i -> deviation * random.nextGaussian());
        set(twin, values);
        return twin;
    }

    private Twin allocate(DataType typeOfCandidate, Shape ofCandidate, DataType typeOfReference, Shape ofReference) {
        Twin twin = new Twin(candidate.allocate(typeOfCandidate, ofCandidate),
                reference.allocate(typeOfReference, ofReference));
        storages.add(twin.candidate.storage());
        return twin;
    }

    private static Twin nan(Twin twin) {
        for (Tensor half : new Tensor[] {twin.candidate, twin.reference}) {
            double[] values = new double[Math.toIntExact(half.elements())];
            Arrays.fill(values, Double.NaN);
            half.set(values);
        }
        return twin;
    }

    @Override
    public void close() {
        storages.forEach(Storage::close);
        candidate.close();
    }
}
