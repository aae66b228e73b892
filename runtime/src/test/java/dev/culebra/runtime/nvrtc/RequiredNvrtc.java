package dev.culebra.runtime.nvrtc;

import dev.culebra.bindings.MissingLibraryException;
import dev.culebra.bindings.NativeLibraries;
import dev.culebra.testing.Requirement;

/** Ends tests where NVRTC is missing. */
final class RequiredNvrtc {
    private RequiredNvrtc() {}

    static void check() {
        try {
            NativeLibraries.NVRTC.load();
        } catch (MissingLibraryException missing) {
            Requirement.NVIDIA_LIBRARIES.missing(missing.getMessage());
        }
    }
}
