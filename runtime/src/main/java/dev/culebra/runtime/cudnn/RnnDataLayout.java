package dev.culebra.runtime.cudnn;

import dev.culebra.bindings.cudnn.cudnn;

/**
 * In which order sequences lie in memory; elements of one vector are always neighbours.
 *
 * <p>Source: {@code cudnnRNNDataLayout_t},
 * https://docs.nvidia.com/deeplearning/cudnn/latest/api/cudnn-adv-library.html#cudnnrnndatalayout-t.
 */
public enum RnnDataLayout {
    /** (T, B, C), padded: PyTorch's order without {@code batch_first}. */
    TIME_MAJOR(cudnn.CUDNN_RNN_DATA_LAYOUT_SEQ_MAJOR_UNPACKED, true),
    /** (B, T, C), padded: PyTorch's order with {@code batch_first}. */
    BATCH_MAJOR(cudnn.CUDNN_RNN_DATA_LAYOUT_BATCH_MAJOR_UNPACKED, true),
    /** The vectors of all sequences at step 0, then those at step 1 and so on, without padding; longest sequences first. */
    TIME_MAJOR_PACKED(cudnn.CUDNN_RNN_DATA_LAYOUT_SEQ_MAJOR_PACKED, false);

    private final int code;
    private final boolean padded;

    RnnDataLayout(int code, boolean padded) {
        this.code = code;
        this.padded = padded;
    }

    /** The {@code cudnnRNNDataLayout_t}. */
    int code() {
        return code;
    }

    /** The flags of the network that reads and writes it. */
    int flags() {
        return padded ? cudnn.CUDNN_RNN_PADDED_IO_ENABLED : cudnn.CUDNN_RNN_PADDED_IO_DISABLED;
    }

    /** How many vectors of sequences of these lengths it holds. */
    long vectors(RnnSequences sequences) {
        return padded ? (long) sequences.batch() * sequences.longest() : sequences.total();
    }
}
