package dev.culebra.runtime.cudnn;

import dev.culebra.bindings.cudnn.cudnn;
import dev.culebra.runtime.DataType;

/**
 * The types of a network's tensors and sums, and which units may multiply.
 *
 * <p>Source: {@code cudnnMathType_t},
 * https://docs.nvidia.com/deeplearning/cudnn/latest/api/cudnn-graph-library.html#cudnnmathtype-t, and
 * {@code cudnnSetRNNDescriptor_v8},
 * https://docs.nvidia.com/deeplearning/cudnn/latest/api/cudnn-adv-library.html#cudnnsetrnndescriptor-v8.
 */
public enum RnnArithmetic {
    /** Single precision to the letter: multiply-add units only. */
    STRICT_F32(DataType.F32, DataType.F32, cudnn.CUDNN_FMA_MATH),
    /** Single precision storage and sums; tensor cores may round operands to TF32, as cuDNN does by default. */
    TF32(DataType.F32, DataType.F32, cudnn.CUDNN_DEFAULT_MATH),
    /** bfloat16 tensors and weights, and gradients of weights; sums in single precision. From cuDNN 9.13 on. */
    BF16(DataType.BF16, DataType.F32, cudnn.CUDNN_TENSOR_OP_MATH),
    /** Double precision. */
    F64(DataType.F64, DataType.F64, cudnn.CUDNN_FMA_MATH);

    private final DataType dataType;
    private final DataType mathPrecision;
    private final int mathType;

    RnnArithmetic(DataType dataType, DataType mathPrecision, int mathType) {
        this.dataType = dataType;
        this.mathPrecision = mathPrecision;
        this.mathType = mathType;
    }

    /** The type of all tensors, weights and their gradients. */
    public DataType dataType() {
        return dataType;
    }

    /** The type of sums. */
    public DataType mathPrecision() {
        return mathPrecision;
    }

    /** The {@code cudnnMathType_t}. */
    int mathType() {
        return mathType;
    }
}
