package dev.culebra.nn;

import java.util.Arrays;
import java.util.Random;

import dev.culebra.runtime.Shape;

/** Seeded test input. */
final class RandomValues {
    private final Random random = new Random(7);

    /** Normally distributed numbers that bfloat16 holds exactly, so that every backend reads the same input. */
    double[] normal(Shape shape) {
        double[] values = new double[Math.toIntExact(shape.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.intBitsToFloat(Float.floatToIntBits((float) random.nextGaussian()) & 0xffff0000);
        }
        return values;
    }

    /** Ids in 1..vocabulary-1. */
    int[] tokens(int vocabulary, int count) {
        return random.ints(count, 1, vocabulary).toArray();
    }

    /** A mask that keeps the first {@code lengths[b]} positions of each sequence. */
    static float[] mask(int sequenceLength, int... lengths) {
        float[] mask = new float[lengths.length * sequenceLength];
        for (int b = 0; b < lengths.length; b++) {
            Arrays.fill(mask, b * sequenceLength, b * sequenceLength + lengths[b], 1);
        }
        return mask;
    }
}
