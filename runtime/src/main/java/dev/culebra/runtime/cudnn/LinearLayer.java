package dev.culebra.runtime.cudnn;

import java.util.Arrays;
import java.util.List;

/**
 * The linear layers that one LSTM layer is made of, by cuDNN's number ({@code linLayerID}): for each gate, one that reads the
 * layer's input, and one that reads the hidden state of the step before. Both libraries order the gates alike (PyTorch:
 * i, f, g, o), so that each of PyTorch's parameters is four of cuDNN's in a row.
 *
 * <p>Source: {@code cudnnGetRNNWeightParams},
 * https://docs.nvidia.com/deeplearning/cudnn/latest/api/cudnn-adv-library.html#cudnngetrnnweightparams; on the other side
 * https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html.
 */
public enum LinearLayer {
    /** Input gate i, from the input. */
    INPUT_GATE_OF_INPUT(0, "ih", 0),
    /** Forget gate f, from the input. */
    FORGET_GATE_OF_INPUT(1, "ih", 1),
    /** New cell g, from the input. */
    CELL_GATE_OF_INPUT(2, "ih", 2),
    /** Output gate o, from the input. */
    OUTPUT_GATE_OF_INPUT(3, "ih", 3),
    /** Input gate i, from the hidden state. */
    INPUT_GATE_OF_STATE(4, "hh", 0),
    /** Forget gate f, from the hidden state. */
    FORGET_GATE_OF_STATE(5, "hh", 1),
    /** New cell g, from the hidden state. */
    CELL_GATE_OF_STATE(6, "hh", 2),
    /** Output gate o, from the hidden state. */
    OUTPUT_GATE_OF_STATE(7, "hh", 3),
    /** The projection of the hidden state, which has no bias; only where the network has one. */
    PROJECTION(8, "hr", 0);

    private final int id;
    private final String parameter;
    private final int rowBlock;

    LinearLayer(int id, String parameter, int rowBlock) {
        this.id = id;
        this.parameter = parameter;
        this.rowBlock = rowBlock;
    }

    /** Those of a network, in the order of cuDNN's numbers. */
    public static List<LinearLayer> of(RnnSpec.Size size) {
        return Arrays.stream(values()).filter(layer -> layer != PROJECTION || size.isProjected()).toList();
    }

    /** cuDNN's number of it, {@code linLayerID}. */
    public int id() {
        return id;
    }

    /** The part of PyTorch's names: {@code ih}, {@code hh} or {@code hr}. */
    public String parameter() {
        return parameter;
    }

    /** Which block of H rows it is of PyTorch's parameter: 0 to 3. */
    public int rowBlock() {
        return rowBlock;
    }

    /** Whether it has a bias. */
    public boolean hasBias() {
        return this != PROJECTION;
    }

    /** The rows of its matrix, and elements of its bias. */
    int rows(RnnSpec.Size size) {
        return this == PROJECTION ? size.projectionSize() : size.hiddenSize();
    }

    /** The columns of its matrix, in the layer of this number. */
    int columns(RnnSpec.Size size, int layer) {
        return switch (parameter) {
            case "ih" -> size.inputSize(layer);
            case "hh" -> size.projectionSize();
            default -> size.hiddenSize();
        };
    }
}
