package dev.culebra.nn;

/**
 * How the elements of a parameter start. Values are rounded to single precision on every backend, so that one seed
 * gives the same weights on all of them.
 */
public sealed interface Initializer {
    /** The element at {@code index}; to be asked for in row-major order. */
    float next(SeededRandom random, long index);

    /** A value that all elements share. */
    record Constant(float value) implements Initializer {
        @Override
        public float next(SeededRandom random, long index) {
            return value;
        }
    }

    /**
     * Uniform in [-bound, bound).
     *
     * @param bound positive
     */
    record Uniform(double bound) implements Initializer {
        /** PyTorch's default for a layer with {@code inputs} inputs: bound 1/√inputs. */
        public static Uniform ofInputs(int inputs) {
            return new Uniform(1 / Math.sqrt(inputs));
        }

        @Override
        public float next(SeededRandom random, long index) {
            return (float) ((2 * random.nextDouble() - 1) * bound);
        }
    }

    /**
     * Normal with mean 0.
     *
     * @param deviation the standard deviation
     */
    record Normal(double deviation) implements Initializer {
        @Override
        public float next(SeededRandom random, long index) {
            return (float) (random.nextGaussian() * deviation);
        }
    }

    /**
     * Zeros, then another start: the padding row of an embedding.
     *
     * @param zeros the number of zeros
     * @param rest the start of the other elements
     */
    record AfterZeros(int zeros, Initializer rest) implements Initializer {
        @Override
        public float next(SeededRandom random, long index) {
            return index < zeros ? 0 : rest.next(random, index - zeros);
        }
    }
}
