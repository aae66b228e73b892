package dev.culebra.runtime.driver;

/**
 * What a memory pool holds, in bytes. The driver counts in units of its own, some hundred bytes for what is used and some
 * megabytes for what is reserved.
 *
 * @param used in use: allocated, and not yet freed where the streams stand
 * @param usedPeak the most that was in use since the pool was made or its peaks were reset
 * @param reserved taken from the device, in use or kept for later
 * @param reservedPeak the most that was reserved since the pool was made or its peaks were reset
 * @param allocated what {@link MemoryPool#allocate} gave since this object was made, as asked for
 * @param released how much of that has been closed
 */
public record MemoryPoolUsage(long used, long usedPeak, long reserved, long reservedPeak, long allocated,
        long released) {}
