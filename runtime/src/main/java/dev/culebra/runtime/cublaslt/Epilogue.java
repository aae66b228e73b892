package dev.culebra.runtime.cublaslt;

import dev.culebra.bindings.cublaslt.cublasLt;

/**
 * What is done with z = alpha · op(A) op(B) + beta · C before it is stored as D, all matrices row-major.
 *
 * <p>GELU is the tanh form, not the exact one, and ReLU turns NaN into 0. No device and precision has all of them:
 * {@link MatmulPlan#create} says so.
 *
 * <p>Source: {@code cublasLtEpilogue_t}, https://docs.nvidia.com/cuda/cublas/#cublasltepilogue-t; on NaN,
 * https://forums.developer.nvidia.com/t/incorrect-result-of-cublasltmatmul-with-cublaslt-epilogue-relu-when-input-is-nan/329783.
 */
public enum Epilogue {
    /** D = z. */
    NONE(cublasLt.CUBLASLT_EPILOGUE_DEFAULT, Vector.NONE, Auxiliary.NONE),
    /** D = z + bias, the bias (n) added to every row. */
    BIAS(cublasLt.CUBLASLT_EPILOGUE_BIAS, Vector.BIAS, Auxiliary.NONE),
    /** D = max(z, 0). */
    RELU(cublasLt.CUBLASLT_EPILOGUE_RELU, Vector.NONE, Auxiliary.NONE),
    /** D = max(z + bias, 0). */
    RELU_BIAS(cublasLt.CUBLASLT_EPILOGUE_RELU_BIAS, Vector.BIAS, Auxiliary.NONE),
    /** D = max(z, 0); the auxiliary memory receives one bit per element, set where it was positive. */
    RELU_MASK(cublasLt.CUBLASLT_EPILOGUE_RELU_AUX, Vector.NONE, Auxiliary.RELU_MASK),
    /** {@link #RELU_MASK} of z + bias. */
    RELU_MASK_BIAS(cublasLt.CUBLASLT_EPILOGUE_RELU_AUX_BIAS, Vector.BIAS, Auxiliary.RELU_MASK),
    /** D = gelu(z). */
    GELU(cublasLt.CUBLASLT_EPILOGUE_GELU, Vector.NONE, Auxiliary.NONE),
    /** D = gelu(z + bias). */
    GELU_BIAS(cublasLt.CUBLASLT_EPILOGUE_GELU_BIAS, Vector.BIAS, Auxiliary.NONE),
    /** D = gelu(z); the auxiliary memory receives z. */
    GELU_KEEP(cublasLt.CUBLASLT_EPILOGUE_GELU_AUX, Vector.NONE, Auxiliary.PRE_ACTIVATION),
    /** D = gelu(z + bias); the auxiliary memory receives z + bias. */
    GELU_KEEP_BIAS(cublasLt.CUBLASLT_EPILOGUE_GELU_AUX_BIAS, Vector.BIAS, Auxiliary.PRE_ACTIVATION),
    /** D = z where the bit of the auxiliary memory is set, elsewhere 0: the gradient through {@link #RELU_MASK}. */
    RELU_GRADIENT(cublasLt.CUBLASLT_EPILOGUE_DRELU, Vector.NONE, Auxiliary.RELU_MASK),
    /** {@link #RELU_GRADIENT}, and the vector (n) receives the sum of D's rows: the gradient of that layer's bias. */
    RELU_BIAS_GRADIENT(cublasLt.CUBLASLT_EPILOGUE_DRELU_BGRAD, Vector.BIAS_GRADIENT, Auxiliary.RELU_MASK),
    /** D = z · gelu'(auxiliary): the gradient through {@link #GELU_KEEP}. */
    GELU_GRADIENT(cublasLt.CUBLASLT_EPILOGUE_DGELU, Vector.NONE, Auxiliary.PRE_ACTIVATION),
    /** {@link #GELU_GRADIENT}, and the vector (n) receives the sum of D's rows: the gradient of that layer's bias. */
    GELU_BIAS_GRADIENT(cublasLt.CUBLASLT_EPILOGUE_DGELU_BGRAD, Vector.BIAS_GRADIENT, Auxiliary.PRE_ACTIVATION),
    /**
     * D = z, and the vector (m) receives Σ_k op(A)[·, k]. With A the transposed gradient of a layer's output and B its
     * input, D is the gradient of the weight and the vector that of the bias. Our A is the library's B, hence
     * {@code CUBLASLT_EPILOGUE_BGRADB}.
     */
    SUM_OF_A(cublasLt.CUBLASLT_EPILOGUE_BGRADB, Vector.SUM_OF_A, Auxiliary.NONE),
    /** D = z, and the vector (n) receives Σ_k op(B)[k, ·]: {@code CUBLASLT_EPILOGUE_BGRADA}. */
    SUM_OF_B(cublasLt.CUBLASLT_EPILOGUE_BGRADA, Vector.SUM_OF_B, Auxiliary.NONE);

    private final int code;
    private final Vector vector;
    private final Auxiliary auxiliary;

    Epilogue(int code, Vector vector, Auxiliary auxiliary) {
        this.code = code;
        this.vector = vector;
        this.auxiliary = auxiliary;
    }

    /** The vector that is read or written beside the matrices. */
    public Vector vector() {
        return vector;
    }

    /** The memory of a forward pass that its backward pass reads. */
    public Auxiliary auxiliary() {
        return auxiliary;
    }

    /** The {@code cublasLtEpilogue_t}. */
    int code() {
        return code;
    }

    /** A vector beside the matrices, of D's type. All but the first are written, overwriting what was there. */
    public enum Vector {
        /** There is none. */
        NONE,
        /** Read: n elements, the same for all products of a batch. */
        BIAS,
        /** Written: n elements per product, the sums of D's columns. */
        BIAS_GRADIENT,
        /** Written: m elements per product, the sums of op(A)'s rows. */
        SUM_OF_A,
        /** Written: n elements per product, the sums of op(B)'s columns. */
        SUM_OF_B
    }

    /** What passes from a forward epilogue to its gradient. */
    public enum Auxiliary {
        /** Nothing. */
        NONE,
        /** A bit per element of D; each row padded to a multiple of 128 bits. */
        RELU_MASK,
        /** An element of D's type per element of D; each row padded to a multiple of 8 elements. */
        PRE_ACTIVATION
    }
}
