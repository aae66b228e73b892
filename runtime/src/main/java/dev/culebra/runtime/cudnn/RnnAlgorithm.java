package dev.culebra.runtime.cudnn;

import dev.culebra.bindings.cudnn.cudnn;

/**
 * How the time steps are computed. Not every device, type and size has all of them; cuDNN then answers with
 * {@code CUDNN_STATUS_NOT_SUPPORTED}, some when the network is described, some when it first runs. Only
 * {@link #STANDARD} has projections.
 *
 * <p>Source: {@code cudnnRNNAlgo_t},
 * https://docs.nvidia.com/deeplearning/cudnn/latest/api/cudnn-adv-library.html#cudnnrnnalgo-t.
 */
public enum RnnAlgorithm {
    /** A sequence of matrix products: always there. */
    STANDARD(cudnn.CUDNN_RNN_ALGO_STANDARD),
    /** One kernel that stays on the device for all steps and keeps the recurrent weights on chip; for small batches. */
    PERSIST_STATIC(cudnn.CUDNN_RNN_ALGO_PERSIST_STATIC),
    /** The same, compiled at run time for the sizes at hand. */
    PERSIST_DYNAMIC(cudnn.CUDNN_RNN_ALGO_PERSIST_DYNAMIC),
    /** One kernel that keeps the recurrent weights in registers, for small states and sequences of one length. */
    PERSIST_STATIC_SMALL_H(cudnn.CUDNN_RNN_ALGO_PERSIST_STATIC_SMALL_H);

    private final int code;

    RnnAlgorithm(int code) {
        this.code = code;
    }

    /** The {@code cudnnRNNAlgo_t}. */
    int code() {
        return code;
    }
}
