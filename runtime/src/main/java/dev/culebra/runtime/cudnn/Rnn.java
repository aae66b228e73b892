package dev.culebra.runtime.cudnn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

import dev.culebra.bindings.cudnn.cudnn;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.NativeObject;
import dev.culebra.runtime.OwnedParts;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.driver.DeviceRegion;

/**
 * A network that is ready to run over batches of one form. Calls return when the work is queued on the handle's stream, and
 * may be captured in a graph. One thread at a time.
 *
 * <p>A training step is {@link #forward} with training, {@link #backwardData}, then {@link #backwardWeights}, with the same
 * reserve: each leaves in it what the next reads.
 *
 * <p>Source: {@code cudnnRNNForward}, {@code cudnnRNNBackwardData_v8} and {@code cudnnRNNBackwardWeights_v8},
 * https://docs.nvidia.com/deeplearning/cudnn/latest/api/cudnn-adv-library.html.
 */
public final class Rnn extends NativeObject {
    private final CudnnHandle library;
    private final RnnSpec spec;
    private final RnnSequences sequences;
    private final OwnedParts descriptors = new OwnedParts();
    private final RnnDataDescriptor input;
    private final RnnDataDescriptor output;
    private final TensorDescriptor hidden;
    private final TensorDescriptor cell;
    private final RnnArguments arguments;

    private Rnn(CudnnHandle library, RnnSpec spec, RnnSequences sequences, RnnDescriptor network) {
        super(network.handle(), library);
        this.library = library;
        this.spec = spec;
        this.sequences = sequences;
        try {
            descriptors.own(network);
            RnnSpec.Size size = spec.size();
            DataType type = spec.arithmetic().dataType();
            input = descriptors.own(RnnDataDescriptor.create(type, spec.layout(), sequences, size.inputSize()));
            output = descriptors.own(RnnDataDescriptor.create(type, spec.layout(), sequences, size.projectionSize()));
            hidden = descriptors.own(TensorDescriptor.rowMajor(type,
                    Shape.of(size.layers(), sequences.batch(), size.projectionSize())));
            cell = descriptors.own(TensorDescriptor.rowMajor(type,
                    Shape.of(size.layers(), sequences.batch(), size.hiddenSize())));
            if (spec.algorithm() == RnnAlgorithm.PERSIST_DYNAMIC) {
                check("cudnnBuildRNNDynamic",
                        cudnn.cudnnBuildRNNDynamic(library.handle(), handle(), sequences.batch()));
            }
            arguments = new RnnArguments(spec, sequences, new RnnArguments.Space(queryWeightBytes(),
                    queryTemporarySpace(Mode.TRAINING), queryTemporarySpace(Mode.INFERENCE)), library.stream());
        } catch (Throwable failure) {
            closeAfter(failure);
            throw failure;
        }
    }

    /**
     * Prepares a network for batches of one form.
     *
     * @throws CudnnException if cuDNN or the device has no such network
     * @throws IllegalStateException if the library is closed
     */
    public static Rnn create(CudnnHandle library, RnnSpec spec, RnnSequences sequences) {
        library.stream().context().makeCurrent();
        RnnDescriptor network = RnnDescriptor.create(spec);
        try {
            return new Rnn(library, spec, sequences, network);
        } catch (Throwable failure) {
            network.closeAfter(failure);
            throw failure;
        }
    }

    /** The network. */
    public RnnSpec spec() {
        return spec;
    }

    /** The lengths of the sequences of a batch. */
    public RnnSequences sequences() {
        return sequences;
    }

    /** The size of the weight space, and of its gradient. */
    public long weightBytes() {
        return arguments.space().weightBytes();
    }

    /** The size of the workspace that suffices for every call. */
    public long workspaceBytes() {
        return Math.max(arguments.space().training().workspaceBytes(),
                arguments.space().inference().workspaceBytes());
    }

    /** The size of the reserve, which training needs. */
    public long reserveBytes() {
        return arguments.space().training().reserveBytes();
    }

    /** How many elements the input has, in its layout. */
    public long inputElements() {
        return arguments.inputElements();
    }

    /** How many elements the output has, in its layout. */
    public long outputElements() {
        return arguments.outputElements();
    }

    /**
     * Where the weights lie, which is cuDNN's choice and depends on the spec.
     *
     * @param weightSpace a weight space on the device; nothing in it is read
     */
    public RnnWeights weightLayout(DeviceRegion weightSpace) {
        library.stream().context().makeCurrent();
        MemorySegment space = arguments.weights(weightSpace);
        List<RnnWeights.Part> parts = new ArrayList<>();
        try (Arena arena = Arena.ofConfined();
                TensorDescriptor matrix = TensorDescriptor.empty();
                TensorDescriptor bias = TensorDescriptor.empty()) {
            MemorySegment matrixAddress = arena.allocate(ValueLayout.JAVA_LONG);
            MemorySegment biasAddress = arena.allocate(ValueLayout.JAVA_LONG);
            for (int layer = 0; layer < spec.size().layers(); layer++) {
                for (LinearLayer linear : LinearLayer.of(spec.size())) {
                    check("cudnnGetRNNWeightParams", cudnn.cudnnGetRNNWeightParams(library.handle(), handle(), layer,
                            weightBytes(), space, linear.id(), matrix.handle(), matrixAddress, bias.handle(),
                            biasAddress));
                    int rows = linear.rows(spec.size());
                    requireShape(linear, matrix, Shape.of(1, rows, linear.columns(spec.size(), layer)));
                    if (linear.hasBias()) {
                        requireShape(linear, bias, Shape.of(1, rows, 1));
                    }
                    parts.add(new RnnWeights.Part(layer, linear, element(matrixAddress, space),
                            linear.hasBias() ? element(biasAddress, space) : RnnWeights.NO_BIAS));
                }
            }
        }
        return new RnnWeights(spec.size(), parts);
    }

    /**
     * Computes y, and the states after the last time step of each sequence; overwrites them.
     *
     * @param mode whether a backward pass follows
     * @param x the input, in the spec's layout, vectors of E elements
     * @param initial the states before the first time step
     * @param y the output, in the spec's layout, vectors of projectionSize elements
     * @param last where the last states go
     * @param memory the weights; the reserve is only used for training
     */
    public void forward(Mode mode, DeviceRegion x, RnnStates initial, DeviceRegion y, RnnStates last,
            RnnMemory memory) {
        library.stream().context().makeCurrent();
        RnnArguments.Temporary space = arguments.space().of(mode);
        check("cudnnRNNForward", cudnn.cudnnRNNForward(library.handle(), handle(), mode.code, MemorySegment.NULL,
                input.handle(), arguments.input(x), output.handle(), arguments.output(y), hidden.handle(),
                arguments.hidden(initial), arguments.hidden(last), cell.handle(), arguments.cell(initial),
                arguments.cell(last), weightBytes(), arguments.weights(memory.weights()), space.workspaceBytes(),
                arguments.workspace(mode, memory), space.reserveBytes(), arguments.reserve(mode, memory)));
    }

    /**
     * Computes the gradient of the input, and of the initial states; overwrites them.
     *
     * @param y what forward gave
     * @param dy its gradient
     * @param initial the states before the first time step
     * @param gradients the gradients of the states: those of the last are read, those of the initial written
     * @param dx where the gradient of the input goes
     * @param memory that of forward
     */
    public void backwardData(DeviceRegion y, DeviceRegion dy, RnnStates initial, StateGradients gradients,
            DeviceRegion dx, RnnMemory memory) {
        library.stream().context().makeCurrent();
        RnnArguments.Temporary space = arguments.space().training();
        check("cudnnRNNBackwardData_v8", cudnn.cudnnRNNBackwardData_v8(library.handle(), handle(),
                MemorySegment.NULL, output.handle(), arguments.output(y), arguments.output(dy), input.handle(),
                arguments.input(dx), hidden.handle(), arguments.hidden(initial), arguments.hidden(gradients.last()),
                arguments.hidden(gradients.initial()), cell.handle(), arguments.cell(initial),
                arguments.cell(gradients.last()), arguments.cell(gradients.initial()), weightBytes(),
                arguments.weights(memory.weights()), space.workspaceBytes(),
                arguments.workspace(Mode.TRAINING, memory), space.reserveBytes(),
                arguments.reserve(Mode.TRAINING, memory)));
    }

    /**
     * Computes the gradient of the weights, after {@link #backwardData}, and <em>accumulates</em>: it is added to what lies
     * there. cuDNN cannot overwrite it.
     *
     * @param x what forward read
     * @param initial the states before the first time step; the cell states are not read
     * @param y what forward gave
     * @param dWeights the gradient, laid out like the weight space
     * @param memory that of forward
     */
    public void backwardWeights(DeviceRegion x, RnnStates initial, DeviceRegion y, DeviceRegion dWeights,
            RnnMemory memory) {
        library.stream().context().makeCurrent();
        RnnArguments.Temporary space = arguments.space().training();
        check("cudnnRNNBackwardWeights_v8", cudnn.cudnnRNNBackwardWeights_v8(library.handle(), handle(),
                cudnn.CUDNN_WGRAD_MODE_ADD, MemorySegment.NULL, input.handle(), arguments.input(x), hidden.handle(),
                arguments.hidden(initial), output.handle(), arguments.output(y), weightBytes(),
                arguments.weights(dWeights), space.workspaceBytes(), arguments.workspace(Mode.TRAINING, memory),
                space.reserveBytes(), arguments.reserve(Mode.TRAINING, memory)));
    }

    /** Whether a backward pass follows a forward pass. */
    public enum Mode {
        /** One follows. */
        TRAINING(cudnn.CUDNN_FWD_MODE_TRAINING),
        /** None follows: the reserve is not used. */
        INFERENCE(cudnn.CUDNN_FWD_MODE_INFERENCE);

        private final int code;

        Mode(int code) {
            this.code = code;
        }
    }

    /**
     * The gradients of the states.
     *
     * @param last those of the states after the last time step, read
     * @param initial where those of the states before the first one go
     */
    public record StateGradients(RnnStates last, RnnStates initial) {
        /** The last states are not used, and nobody asks for the gradients of the initial ones. */
        public static final StateGradients NONE = new StateGradients(RnnStates.NONE, RnnStates.NONE);
    }

    private long queryWeightBytes() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(ValueLayout.JAVA_LONG);
            check("cudnnGetRNNWeightSpaceSize",
                    cudnn.cudnnGetRNNWeightSpaceSize(library.handle(), handle(), bytes));
            return bytes.get(ValueLayout.JAVA_LONG, 0);
        }
    }

    private RnnArguments.Temporary queryTemporarySpace(Mode mode) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment workspace = arena.allocate(ValueLayout.JAVA_LONG);
            MemorySegment reserve = arena.allocate(ValueLayout.JAVA_LONG);
            check("cudnnGetRNNTempSpaceSizes", cudnn.cudnnGetRNNTempSpaceSizes(library.handle(), handle(), mode.code,
                    input.handle(), workspace, reserve));
            return new RnnArguments.Temporary(workspace.get(ValueLayout.JAVA_LONG, 0),
                    reserve.get(ValueLayout.JAVA_LONG, 0));
        }
    }

    private long element(MemorySegment address, MemorySegment weightSpace) {
        return (address.get(ValueLayout.JAVA_LONG, 0) - weightSpace.address()) / arguments.bytesPerElement();
    }

    private static void requireShape(LinearLayer linear, TensorDescriptor descriptor, Shape expected) {
        Shape found = descriptor.shape();
        if (!found.equals(expected)) {
            throw new IllegalStateException("cuDNN says that " + linear + " is " + found + ", not " + expected);
        }
    }

    private void check(String function, int status) {
        if (status != cudnn.CUDNN_STATUS_SUCCESS) {
            throw Cudnn.failure(function, status, spec + " over " + sequences.batch() + " sequences of at most "
                    + sequences.longest() + " steps");
        }
    }

    @Override
    protected void destroy(MemorySegment handle) {
        descriptors.close();
    }
}
