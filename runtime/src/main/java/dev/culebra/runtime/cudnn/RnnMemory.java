package dev.culebra.runtime.cudnn;

import java.util.Optional;

import dev.culebra.runtime.driver.DeviceRegion;

/**
 * The memory that a network works in.
 *
 * @param weights the weight space, {@link Rnn#weightBytes}
 * @param workspace what is only needed during a call, {@link Rnn#workspaceBytes}
 * @param reserve what a training forward pass leaves to backward, {@link Rnn#reserveBytes}; inference does not touch it
 */
public record RnnMemory(DeviceRegion weights, DeviceRegion workspace, Optional<DeviceRegion> reserve) {
    /** What inference needs. */
    public static RnnMemory forInference(DeviceRegion weights, DeviceRegion workspace) {
        return new RnnMemory(weights, workspace, Optional.empty());
    }

    /** What training needs. */
    public static RnnMemory forTraining(DeviceRegion weights, DeviceRegion workspace, DeviceRegion reserve) {
        return new RnnMemory(weights, workspace, Optional.of(reserve));
    }
}
