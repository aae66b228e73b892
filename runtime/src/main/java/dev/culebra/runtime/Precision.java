package dev.culebra.runtime;

import java.util.Locale;

/** In which arithmetic a model runs. */
public enum Precision {
    /** Strict single precision: operands, products and sums. */
    FP32,
    /** Single precision storage; matrix products round their operands to TF32 (NVIDIA GPUs only). */
    TF32,
    /** bfloat16 operands and activations, single-precision sums, master weights and optimiser state. */
    BF16,
    /** Double precision throughout: the reference backend, and no other. */
    FP64;

    /** The name on the command line: {@code fp32}, {@code tf32}, {@code bf16}, {@code fp64}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
