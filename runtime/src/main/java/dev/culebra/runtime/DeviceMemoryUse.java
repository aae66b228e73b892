package dev.culebra.runtime;

/**
 * The memory of a device that a process has.
 *
 * @param bytes how much
 * @param source who says so, and what is counted, for people
 */
public record DeviceMemoryUse(long bytes, String source) {}
