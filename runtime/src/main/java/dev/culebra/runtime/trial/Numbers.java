package dev.culebra.runtime.trial;

import java.lang.foreign.MemorySegment;
import java.util.Random;

import dev.culebra.runtime.DataType;
import dev.culebra.runtime.driver.DeviceRegion;
import dev.culebra.runtime.driver.Stream;

/**
 * Numbers in device memory, which this does not own.
 *
 * @param type F32, BF16 or F64
 * @param region where they lie, without gaps
 */
public record Numbers(DataType type, DeviceRegion region) {
    /** After so many, random numbers repeat: a prime, so that no two rows of a matrix are alike. */
    private static final int PERIOD = 65_521;
    /** Of more than these, a sample is looked at: so many stretches, evenly spaced, the first and the last included. */
    private static final int STRETCHES = 16;
    private static final int STRETCH = 4096;

    private long elements() {
        return region.bytes() / type.bytes();
    }

    /** Makes them uniform within ±bound, for the same seed the same, and waits for that. */
    void randomize(long seed, double bound, Stream stream) {
        Random random = new Random(seed);
        long filled = Math.min(PERIOD, elements()) * type.bytes();
        MemorySegment host = MemorySegment.ofArray(new byte[Math.toIntExact(filled)]);
        for (int i = 0; i < filled / type.bytes(); i++) {
            type.put(host, i, bound * (2 * random.nextDouble() - 1));
        }
        region.slice(0, filled).write(host, stream);
        while (filled < region.bytes()) {
            long next = Math.min(filled, region.bytes() - filled);
            region.slice(filled, next).copyFrom(region.slice(0, next), stream);
            filled += next;
        }
    }

    /** Queues that all become NaN, so that what is not written shows. */
    void invalidate(Stream stream) {
        region.fill((byte) -1, stream);
    }

    /** All of them, or if they are many a sample, always of the same places. Waits for the stream. */
    double[] sample(Stream stream) {
        if (elements() <= STRETCHES * STRETCH) {
            return read(0, Math.toIntExact(elements()), stream);
        }
        double[] sample = new double[STRETCHES * STRETCH];
        for (int i = 0; i < STRETCHES; i++) {
            long start = i * (elements() - STRETCH) / (STRETCHES - 1);
            System.arraycopy(read(start, STRETCH, stream), 0, sample, i * STRETCH, STRETCH);
        }
        return sample;
    }

    private double[] read(long start, int count, Stream stream) {
        MemorySegment host = MemorySegment.ofArray(new byte[count * type.bytes()]);
        region.slice(start * type.bytes(), host.byteSize()).read(host, stream);
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = type.get(host, i);
        }
        return values;
    }
}
