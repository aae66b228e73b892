package dev.culebra.tools.benchmarks.study;

import dev.culebra.nn.SeededRandom;

/** Normally distributed numbers, the same in every run. */
public final class RandomNumbers {
    private RandomNumbers() {}

    /**
     * Numbers of mean 0.
     *
     * @param what tells them from others
     * @param deviation their standard deviation
     */
    public static float[] of(String what, int count, double deviation) {
        SeededRandom random = new SeededRandom(42, what);
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) (deviation * random.nextGaussian());
        }
        return numbers;
    }
}
