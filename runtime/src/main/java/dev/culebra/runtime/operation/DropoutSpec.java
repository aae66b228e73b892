package dev.culebra.runtime.operation;

/**
 * What a dropout zeroes.
 *
 * @param elements the number of elements
 * @param probability the probability of zeroing each
 * @param seed the run's seed
 * @param stream tells apart the dropouts of one model, so that their masks are independent
 */
public record DropoutSpec(int elements, double probability, long seed, int stream) {
    /** Checks the size and the probability. */
    public DropoutSpec {
        Specs.requirePositive("elements", elements);
        Specs.requireProbability("probability", probability);
    }

    /** The random numbers, as unsigned 32-bit integers, below which an element is zeroed: p · 2³². */
    public long threshold() {
        return (long) (probability * 0x1p32);
    }

    /** What the elements that stay are multiplied with: 1 / (1 - p). */
    public float keptScale() {
        return (float) (1 / (1 - probability));
    }
}
