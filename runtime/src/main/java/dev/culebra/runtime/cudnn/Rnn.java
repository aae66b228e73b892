package dev.culebra.runtime.cudnn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

import dev.culebra.bindings.cudnn.cudnn;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.NativeObject;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.driver.DeviceRegion;
import dev.culebra.runtime.driver.Stream;

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
    private final List<NativeObject> descriptors;
    private final RnnDataDescriptor input;
    private final RnnDataDescriptor output;
    private final TensorDescriptor hidden;
    private final TensorDescriptor cell;
    private final long weightBytes;
    private final TemporarySpace training;
    private final TemporarySpace inference;

    private Rnn(CudnnHandle library, RnnSpec spec, RnnSequences sequences, RnnDescriptor network,
            List<NativeObject> descriptors) {
        super(network.handle(), library);
        this.library = library;
        this.spec = spec;
        this.sequences = sequences;
        this.descriptors = descriptors;
        try {
            RnnSpec.Size size = spec.size();
            DataType type = spec.arithmetic().dataType();
            input = own(RnnDataDescriptor.create(type, spec.layout(), sequences, size.inputSize()));
            output = own(RnnDataDescriptor.create(type, spec.layout(), sequences, size.projectionSize()));
            hidden = own(TensorDescriptor.rowMajor(type,
                    Shape.of(size.layers(), sequences.batch(), size.projectionSize())));
            cell = own(TensorDescriptor.rowMajor(type,
                    Shape.of(size.layers(), sequences.batch(), size.hiddenSize())));
            if (spec.algorithm() == RnnAlgorithm.PERSIST_DYNAMIC) {
                check("cudnnBuildRNNDynamic",
                        cudnn.cudnnBuildRNNDynamic(library.handle(), handle(), sequences.batch()));
            }
            weightBytes = queryWeightBytes();
            training = queryTemporarySpace(cudnn.CUDNN_FWD_MODE_TRAINING);
            inference = queryTemporarySpace(cudnn.CUDNN_FWD_MODE_INFERENCE);
        } catch (Throwable failure) {
            close();
            throw failure;
        }
    }

    /**
     * Prepares a network for batches of one form.
     *
     * @throws CudnnException if cuDNN or the device has no such network
     */
    public static Rnn create(CudnnHandle library, RnnSpec spec, RnnSequences sequences) {
        library.stream().context().makeCurrent();
        List<NativeObject> descriptors = new ArrayList<>();
        RnnDescriptor network = RnnDescriptor.create(spec);
        descriptors.add(network);
        try {
            return new Rnn(library, spec, sequences, network, descriptors);
        } catch (Throwable failure) {
            network.close();
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
        return weightBytes;
    }

    /** The size of the workspace that suffices for every call. */
    public long workspaceBytes() {
        return Math.max(training.workspaceBytes, inference.workspaceBytes);
    }

    /** The size of the reserve, which training needs. */
    public long reserveBytes() {
        return training.reserveBytes;
    }

    /** How many elements the input has, in its layout. */
    public long inputElements() {
        return spec.layout().vectors(sequences) * spec.size().inputSize();
    }

    /** How many elements the output has, in its layout. */
    public long outputElements() {
        return spec.layout().vectors(sequences) * spec.size().projectionSize();
    }

    /**
     * Where the weights lie, which is cuDNN's choice and depends on the spec.
     *
     * @param weightSpace a weight space on the device; nothing in it is read
     */
    public RnnWeights weightLayout(DeviceRegion weightSpace) {
        library.stream().context().makeCurrent();
        MemorySegment space = weights(weightSpace);
        List<RnnWeights.Part> parts = new ArrayList<>();
        try (Arena arena = Arena.ofConfined();
                TensorDescriptor matrix = TensorDescriptor.empty();
                TensorDescriptor bias = TensorDescriptor.empty()) {
            MemorySegment matrixAddress = arena.allocate(ValueLayout.JAVA_LONG);
            MemorySegment biasAddress = arena.allocate(ValueLayout.JAVA_LONG);
            for (int layer = 0; layer < spec.size().layers(); layer++) {
                for (LinearLayer linear : LinearLayer.of(spec.size())) {
                    check("cudnnGetRNNWeightParams", cudnn.cudnnGetRNNWeightParams(library.handle(), handle(), layer,
                            weightBytes, space, linear.id(), matrix.handle(),
                            matrixAddress, bias.handle(), biasAddress));
                    requireShape(linear, matrix.shape(),
                            Shape.of(1, linear.rows(spec.size()), linear.columns(spec.size(), layer)));
                    parts.add(new RnnWeights.Part(layer, linear, element(matrixAddress, space),
                            linear.hasBias() ? element(biasAddress, space) : -1));
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
        boolean trains = mode == Mode.TRAINING;
        TemporarySpace space = trains ? training : inference;
        check("cudnnRNNForward", cudnn.cudnnRNNForward(library.handle(), handle(),
                trains ? cudnn.CUDNN_FWD_MODE_TRAINING : cudnn.CUDNN_FWD_MODE_INFERENCE, MemorySegment.NULL,
                input.handle(), input(x), output.handle(), output(y), hidden.handle(), hidden(initial), hidden(last),
                cell.handle(), cell(initial), cell(last), weightBytes, weights(memory.weights()),
                space.workspaceBytes, at("the workspace", memory.workspace(), space.workspaceBytes),
                trains ? space.reserveBytes : 0, trains ? reserve(memory) : MemorySegment.NULL));
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
        check("cudnnRNNBackwardData_v8", cudnn.cudnnRNNBackwardData_v8(library.handle(), handle(),
                MemorySegment.NULL, output.handle(), output(y), output(dy), input.handle(), input(dx),
                hidden.handle(), hidden(initial), hidden(gradients.last()), hidden(gradients.initial()),
                cell.handle(), cell(initial), cell(gradients.last()), cell(gradients.initial()), weightBytes,
                weights(memory.weights()), training.workspaceBytes, workspace(memory), training.reserveBytes,
                reserve(memory)));
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
        check("cudnnRNNBackwardWeights_v8", cudnn.cudnnRNNBackwardWeights_v8(library.handle(), handle(),
                cudnn.CUDNN_WGRAD_MODE_ADD, MemorySegment.NULL, input.handle(), input(x), hidden.handle(),
                hidden(initial), output.handle(), output(y), weightBytes, weights(dWeights),
                training.workspaceBytes, workspace(memory), training.reserveBytes, reserve(memory)));
    }

    /** Whether a backward pass follows a forward pass. */
    public enum Mode {
        /** One follows. */
        TRAINING,
        /** None follows: the reserve is not used. */
        INFERENCE
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

    private record TemporarySpace(long workspaceBytes, long reserveBytes) {}

    private <T extends NativeObject> T own(T descriptor) {
        descriptors.add(descriptor);
        return descriptor;
    }

    private long queryWeightBytes() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(ValueLayout.JAVA_LONG);
            check("cudnnGetRNNWeightSpaceSize",
                    cudnn.cudnnGetRNNWeightSpaceSize(library.handle(), handle(), bytes));
            return bytes.get(ValueLayout.JAVA_LONG, 0);
        }
    }

    private TemporarySpace queryTemporarySpace(int mode) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment workspace = arena.allocate(ValueLayout.JAVA_LONG);
            MemorySegment reserve = arena.allocate(ValueLayout.JAVA_LONG);
            check("cudnnGetRNNTempSpaceSizes", cudnn.cudnnGetRNNTempSpaceSizes(library.handle(), handle(), mode,
                    input.handle(), workspace, reserve));
            return new TemporarySpace(workspace.get(ValueLayout.JAVA_LONG, 0),
                    reserve.get(ValueLayout.JAVA_LONG, 0));
        }
    }

    private long element(MemorySegment address, MemorySegment weightSpace) {
        return (address.get(ValueLayout.JAVA_LONG, 0) - weightSpace.address()) / bytesPerElement();
    }

    private static void requireShape(LinearLayer linear, Shape found, Shape expected) {
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

    private MemorySegment input(DeviceRegion region) {
        return at("the input, or its gradient,", region, inputElements() * bytesPerElement());
    }

    private MemorySegment output(DeviceRegion region) {
        return at("the output, or its gradient,", region, outputElements() * bytesPerElement());
    }

    private MemorySegment hidden(RnnStates states) {
        return states.hidden().isEmpty()
                ? MemorySegment.NULL
                : at("a hidden state, or its gradient,", states.hidden().get(),
                        stateElements(spec.size().projectionSize()) * bytesPerElement());
    }

    private MemorySegment cell(RnnStates states) {
        return states.cell().isEmpty()
                ? MemorySegment.NULL
                : at("a cell state, or its gradient,", states.cell().get(),
                        stateElements(spec.size().hiddenSize()) * bytesPerElement());
    }

    private MemorySegment weights(DeviceRegion region) {
        return at("the weight space, or its gradient,", region, weightBytes);
    }

    private MemorySegment workspace(RnnMemory memory) {
        return at("the workspace", memory.workspace(), training.workspaceBytes);
    }

    private MemorySegment reserve(RnnMemory memory) {
        return at("the reserve", memory.reserve(), training.reserveBytes);
    }

    /** The address of memory that was checked: it is open, large enough, and on the stream's device. */
    private MemorySegment at(String name, DeviceRegion region, long bytes) {
        if (region.bytes() < bytes) {
            throw new IllegalArgumentException(name + " takes " + bytes + " bytes, but has " + region.bytes());
        }
        Stream stream = library.stream();
        if (region.context() != stream.context() && !region.context().device().equals(stream.context().device())) {
            throw new IllegalArgumentException(
                    name + " is on " + region.context().device() + ", but the stream on " + stream.context().device());
        }
        stream.keep(region.owner());
        return MemorySegment.ofAddress(region.address());
    }

    private long stateElements(int width) {
        return (long) spec.size().layers() * sequences.batch() * width;
    }

    private int bytesPerElement() {
        return spec.arithmetic().dataType().bytes();
    }

    @Override
    protected void destroy(MemorySegment handle) {
        descriptors.reversed().forEach(NativeObject::close);
    }
}
