package dev.culebra.runtime.operation;

import dev.culebra.runtime.Tensor;

/**
 * The losses of the latest steps, kept where they were computed until somebody asks for them, since asking waits for the
 * device.
 */
public interface LossHistory extends Operation {
    /** What is kept. */
    LossHistorySpec spec();

    /**
     * Sums the losses of each sequence in double precision, always in the same order, and keeps the sums in place of those
     * of the step {@code capacity} steps earlier.
     *
     * @param nll parameters' type, (B·T): negative log-likelihoods, 0 where a target does not count
     * @param step its number, from 0 on
     */
    void record(Tensor nll, long step);

    /**
     * Waits for the device and reads the sums of recorded steps.
     *
     * @param first the first step wanted
     * @param count how many, at most {@code capacity}
     * @return (count, B)
     * @throws IllegalArgumentException if so many are not kept
     */
    double[] read(long first, int count);
}
