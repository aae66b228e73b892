package dev.culebra.runtime.driver;

/**
 * The memory of a device, shared by all processes.
 *
 * @param free bytes that nobody has
 * @param total bytes there are
 */
public record MemoryInfo(long free, long total) {}
