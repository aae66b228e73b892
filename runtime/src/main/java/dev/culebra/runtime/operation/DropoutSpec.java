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
}
