package dev.culebra.runtime.cpu;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.culebra.runtime.DataType;
import dev.culebra.runtime.HostStorage;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Arguments;
import dev.culebra.runtime.operation.Lstm;
import dev.culebra.runtime.operation.LstmSpec;
import dev.culebra.runtime.operation.OwningOperation;
import dev.culebra.runtime.operation.ParameterRegion;

/**
 * A stack of {@link CpuLstmLayer}s, which work in time-major order. The reserve holds x in that order, then for each layer
 * what the layer keeps, its h among it, and its h with dropout where there is any.
 */
final class CpuLstm extends OwningOperation implements Lstm {
    private static final long ALIGNMENT = 64;

    private final LstmSpec spec;
    private final Arguments arguments;
    private final DataType type;
    private final List<CpuLstmLayer> layers = new ArrayList<>();
    private final List<LstmDropout> dropouts = new ArrayList<>();
    private final List<ParameterRegion> parameterLayout;
    private final long parameterElements;
    private final long inputBytes;
    private final long hiddenBytes;
    /** Where in the reserve each layer's part starts, in bytes, and at the end how long the reserve is. */
    private final long[] offsets;
    private final Shape reserveShape;
    private final Transposition readInput;
    private final Transposition writeOutput;
    private final Transposition readGradient;
    private final Optional<Transposition> writeGradient;
    /** Gradients between layers, F32 (T, B, the widest that it gets): one is read while the other is written. */
    private final HostStorage[] gradients = new HostStorage[2];
    /** Activations (T, B, 4H), for each layer in turn; where those are F32 they take the place of the gates themselves. */
    private final Optional<HostStorage> gateGradients;

    CpuLstm(CpuBackend backend, LstmSpec spec) {
        this.spec = spec;
        this.arguments = backend.arguments();
        this.type = backend.activationType();
        this.parameterLayout = spec.contiguousLayout();
        this.parameterElements = parameterLayout.stream().mapToLong(region -> region.shape().elements()).sum();
        long rows = (long) spec.batch() * spec.sequenceLength();
        int in = spec.inputSize();
        int hidden = spec.hiddenSize();
        this.inputBytes = aligned(rows * in * type.bytes());
        this.hiddenBytes = aligned(rows * hidden * type.bytes());
        try {
            for (int k = 0; k < spec.layers(); k++) {
                layers.add(own(new CpuLstmLayer(backend, spec, k)));
            }
            for (int k = 0; k < spec.layers() - 1 && spec.dropout() > 0; k++) {
                dropouts.add(own(new LstmDropout(backend, spec, k)));
            }
            offsets = offsets();
            reserveShape = Shape.of(Math.toIntExact(offset(spec.layers()) / type.bytes()));
            readInput = own(Transposition.toTimeMajor(backend, spec, in, type, type));
            writeOutput = own(Transposition.toBatchMajor(backend, spec, hidden, type, type));
            readGradient = own(Transposition.toTimeMajor(backend, spec, hidden, type, DataType.F32));
            writeGradient = spec.inputGradient()
                    ? Optional.of(own(Transposition.toBatchMajor(backend, spec, in, DataType.F32, type)))
                    : Optional.empty();
            int[] widths = new int[gradients.length];
            for (int k = spec.inputGradient() ? -1 : 0; k < spec.layers(); k++) {
                int i = gradientIndex(k);
                widths[i] = Math.max(widths[i], k < 0 ? in : hidden);
            }
            for (int i = 0; i < gradients.length; i++) {
                gradients[i] = own(backend.engine().allocate(rows * widths[i] * Float.BYTES));
            }
            gateGradients = type == DataType.F32
                    ? Optional.empty()
                    : Optional.of(own(backend.engine().allocate(rows * LstmCell.GATES * hidden * type.bytes())));
        } catch (Throwable failure) {
            closeAfter(failure);
            throw failure;
        }
    }

    @Override
    public LstmSpec spec() {
        return spec;
    }

    @Override
    public List<ParameterRegion> parameterLayout() {
        return parameterLayout;
    }

    @Override
    public long parameterElements() {
        return parameterElements;
    }

    @Override
    public Shape reserveShape() {
        return reserveShape;
    }

    @Override
    public void forward(Tensor x, Tensor initialHidden, Tensor initialCell, Tensor parameters, long step, Tensor y,
            Tensor finalHidden, Tensor finalCell, Tensor reserve) {
        if (arguments.lstmForward(this, x, initialHidden, initialCell, parameters, y, finalHidden, finalCell,
                reserve)) {
            return;
        }
        long base = reserve.address();
        readInput.run(x.address(), base);
        for (int k = 0; k < spec.layers(); k++) {
            CpuLstmLayer layer = layers.get(k);
            MemorySegment kept = kept(k, reserve);
            layer.forward(base + input(k, step), part(k, initialHidden), part(k, initialCell), parameters, kept);
            copyState(kept, layer.reserve().hidden(spec.sequenceLength()), part(k, finalHidden));
            copyState(kept, layer.reserve().cell(spec.sequenceLength()), part(k, finalCell));
            if (drops(k, step)) {
                dropouts.get(k).forward(base + hidden(k), base + dropped(k), step);
            }
        }
        writeOutput.run(base + hidden(spec.layers() - 1), y.address());
    }

    @Override
    public void backward(Tensor x, Tensor initialHidden, Tensor initialCell, Tensor parameters, long step, Tensor y,
            Tensor reserve, Tensor dy, Tensor dx, Tensor dParameters) {
        if (arguments.lstmBackward(this, x, initialHidden, initialCell, parameters, y, reserve, dy, dx,
                dParameters)) {
            return;
        }
        readGradient.run(dy.address(), gradientInto(spec.layers() - 1).address());
        for (int k = spec.layers() - 1; k >= 0; k--) {
            if (drops(k, step)) {
                dropouts.get(k).backward(gradientInto(k).address(), step);
            }
            layers.get(k).backward(reserve.address() + input(k, step), parameters, kept(k, reserve), gateGradients,
                    gradientInto(k), gradientInto(k - 1).address(), dParameters);
        }
        writeGradient.ifPresent(reorder -> reorder.run(gradientInto(-1).address(), dx.address()));
    }

    /** Where the gradient of what layer k hands on lies; -1 is the input. */
    private MemorySegment gradientInto(int k) {
        return gradients[gradientIndex(k)].segment();
    }

    private static int gradientIndex(int k) {
        return (k + 1) % 2;
    }

    private boolean drops(int k, long step) {
        return k < dropouts.size() && step >= 0;
    }

    /** Where in the reserve layer k's part starts, in bytes; for k = L, how long the reserve is. */
    private long offset(int k) {
        return offsets[k];
    }

    private long[] offsets() {
        long[] all = new long[spec.layers() + 1];
        all[0] = inputBytes;
        for (int k = 0; k < spec.layers(); k++) {
            all[k + 1] = all[k] + aligned(layers.get(k).reserve().bytes()) + (k < dropouts.size() ? hiddenBytes : 0);
        }
        return all;
    }

    /** What layer k keeps. */
    private MemorySegment kept(int k, Tensor reserve) {
        return reserve.segment().asSlice(offset(k), layers.get(k).reserve().bytes());
    }

    /** Where in the reserve layer k's h lies. */
    private long hidden(int k) {
        return offset(k) + layers.get(k).reserve().hidden(1);
    }

    /** Where in the reserve layer k's h after dropout lies. */
    private long dropped(int k) {
        return offset(k) + aligned(layers.get(k).reserve().bytes());
    }

    /** Where in the reserve lies what layer k reads. */
    private long input(int k, long step) {
        if (k == 0) {
            return 0;
        }
        return drops(k - 1, step) ? dropped(k - 1) : hidden(k - 1);
    }

    private static void copyState(MemorySegment kept, long offset, MemorySegment state) {
        MemorySegment.copy(kept, offset, state, 0, state.byteSize());
    }

    /** Layer k's part of a tensor (L, …). */
    private MemorySegment part(int k, Tensor all) {
        long bytes = all.bytes() / spec.layers();
        return all.segment().asSlice(bytes * k, bytes);
    }

    static long aligned(long bytes) {
        return Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT;
    }
}
