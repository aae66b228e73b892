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

    /** The type of activations and their gradients. */
    public DataType activationType() {
        return switch (this) {
            case FP32, TF32 -> DataType.F32;
            case BF16 -> DataType.BF16;
            case FP64 -> DataType.F64;
        };
    }

    /** The type of parameters, their gradients and the optimiser's state. */
    public DataType parameterType() {
        return this == FP64 ? DataType.F64 : DataType.F32;
    }

    /** The name on the command line: {@code fp32}, {@code tf32}, {@code bf16}, {@code fp64}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
