package dev.culebra.tools.benchmarks.study;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Backends;
import dev.culebra.runtime.Precision;

/** What a device can compute in: bf16 on a processor, for one, only where that has it. */
public final class Precisions {
    private Precisions() {}

    /** Whether a device computes in a precision. */
    public static boolean has(String device, Precision precision) {
        try (Backend backend = Backends.open(device, precision)) {
            return backend.precision() == precision;
        } catch (IllegalArgumentException unable) {
            return false;
        }
    }
}
