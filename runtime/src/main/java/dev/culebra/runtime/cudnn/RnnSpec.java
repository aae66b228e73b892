package dev.culebra.runtime.cudnn;

/**
 * A stack of unidirectional LSTM layers with PyTorch's two biases per gate and without dropout.
 *
 * @param size its widths
 * @param arithmetic in which types it computes
 * @param algorithm how the time steps are computed
 * @param layout in which order its input and output lie
 */
public record RnnSpec(Size size, RnnArithmetic arithmetic, RnnAlgorithm algorithm, RnnDataLayout layout) {
    /** Checks that cuDNN has such a network. */
    public RnnSpec {
        if (size.isProjected() && algorithm != RnnAlgorithm.STANDARD) {
            throw new IllegalArgumentException(algorithm + " has no projection: only STANDARD has");
        }
    }

    /** The same with another algorithm. */
    public RnnSpec with(RnnAlgorithm other) {
        return new RnnSpec(size, arithmetic, other, layout);
    }

    /**
     * The widths of the network.
     *
     * @param layers L, the number of layers
     * @param inputSize E, the width of the input
     * @param hiddenSize H, the width of the cell's state
     * @param projectionSize the width of the output and the hidden state, at most H; H if they are not projected
     */
    public record Size(int layers, int inputSize, int hiddenSize, int projectionSize) {
        /** Checks that all are positive, and that the projection does not widen. */
        public Size {
            if (layers <= 0 || inputSize <= 0 || hiddenSize <= 0 || projectionSize <= 0) {
                throw new IllegalArgumentException("sizes must be positive, but are " + layers + ", " + inputSize + ", "
                        + hiddenSize + ", " + projectionSize);
            }
            if (projectionSize > hiddenSize) {
                throw new IllegalArgumentException(
                        "a projection to " + projectionSize + " is wider than the state, " + hiddenSize);
            }
        }

        /** Without projection. */
        public static Size of(int layers, int inputSize, int hiddenSize) {
            return new Size(layers, inputSize, hiddenSize, hiddenSize);
        }

        /** Whether the hidden state is projected. */
        public boolean isProjected() {
            return projectionSize < hiddenSize;
        }

        /** The width of what a layer, counted from 0, reads. */
        public int inputSize(int layer) {
            return layer == 0 ? inputSize : projectionSize;
        }
    }
}
