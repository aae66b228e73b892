package dev.culebra.runtime.cublaslt;

import dev.culebra.bindings.cublaslt.cublasLt;
import dev.culebra.runtime.DataType;

/**
 * In which arithmetic products are formed and summed.
 *
 * <p>Source: {@code cublasComputeType_t}, https://docs.nvidia.com/cuda/cublas/#cublascomputetype-t.
 */
public enum ComputeType {
    /** Single precision to the letter: no TF32, no emulation, whatever the environment allows. */
    STRICT_F32(cublasLt.CUBLAS_COMPUTE_32F_PEDANTIC, DataType.F32),
    /** Sums in single precision; for bfloat16 operands, whose products it holds exactly. */
    F32(cublasLt.CUBLAS_COMPUTE_32F, DataType.F32),
    /** F32 operands are rounded to TF32 (10 bits of fraction) before they are multiplied; sums in single precision. */
    TF32(cublasLt.CUBLAS_COMPUTE_32F_FAST_TF32, DataType.F32),
    /** Double precision. */
    F64(cublasLt.CUBLAS_COMPUTE_64F, DataType.F64);

    private final int code;
    private final DataType scaleType;

    ComputeType(int code, DataType scaleType) {
        this.code = code;
        this.scaleType = scaleType;
    }

    /** The {@code cublasComputeType_t}. */
    int code() {
        return code;
    }

    /** The type of alpha and beta. */
    DataType scaleType() {
        return scaleType;
    }
}
