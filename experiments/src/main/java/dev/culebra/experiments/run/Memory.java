package dev.culebra.experiments.run;

import dev.culebra.runtime.HostMemory;

/** The memory of this process. */
final class Memory {
    private Memory() {}

    /** The most memory this process has had, in bytes: resident on Linux, elsewhere Java's heap alone. */
    static long peakBytes() {
        return HostMemory.peakBytes().orElseGet(() -> Runtime.getRuntime().totalMemory());
    }
}
