package dev.culebra.runtime.nvrtc;

/** What the compiler makes. */
public enum ImageKind {
    /** Machine code of one architecture, which loads at once. */
    CUBIN,
    /** NVIDIA's portable assembly, which the driver compiles when it loads it. */
    PTX
}
