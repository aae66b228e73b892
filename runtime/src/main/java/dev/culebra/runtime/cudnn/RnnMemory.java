package dev.culebra.runtime.cudnn;

import dev.culebra.runtime.driver.DeviceRegion;

/**
 * The memory that a network works in.
 *
 * @param weights the weight space, {@link Rnn#weightBytes}
 * @param workspace what is only needed during a call, {@link Rnn#workspaceBytes}
 * @param reserve what a training forward pass leaves to backward, {@link Rnn#reserveBytes}; inference does not touch it
 */
public record RnnMemory(DeviceRegion weights, DeviceRegion workspace, DeviceRegion reserve) {}
