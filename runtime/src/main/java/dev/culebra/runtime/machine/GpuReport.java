package dev.culebra.runtime.machine;

import dev.culebra.runtime.driver.Device;

/**
 * A GPU, or what stands in for one.
 *
 * @param number its number as the driver counts
 * @param name its name
 * @param memoryBytes its memory, in bytes
 * @param computeCapability its compute capability, such as {@code 9.0}
 */
public record GpuReport(int number, String name, long memoryBytes, String computeCapability) {
    static GpuReport of(Device device) {
        return new GpuReport(device.ordinal(), device.name(), device.totalMemory(),
                device.computeCapability().toString());
    }

    /** Whether it is the test suite's stand-in for a GPU, which says so in its name. */
    public boolean isStandIn() {
        return name.contains("not a GPU");
    }
}
