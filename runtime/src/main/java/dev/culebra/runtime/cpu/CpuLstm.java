package dev.culebra.runtime.cpu;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.culebra.bindings.onednn.dnnl;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.HostStorage;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.onednn.Attributes;
import dev.culebra.runtime.onednn.MemoryDescriptor;
import dev.culebra.runtime.onednn.Primitive;
import dev.culebra.runtime.onednn.Primitives;
import dev.culebra.runtime.operation.Arguments;
import dev.culebra.runtime.operation.Lstm;
import dev.culebra.runtime.operation.LstmSpec;
import dev.culebra.runtime.operation.ParameterRegion;

/**
 * A stack of {@link CpuLstmLayer}s. The reserve holds, for each layer, what that keeps, then the layer's h unless it is
 * the last one's, then h with dropout where there is any.
 */
final class CpuLstm extends CpuOperation implements Lstm {
    private static final long ALIGNMENT = 64;

    private final LstmSpec spec;
    private final Arguments arguments;
    private final DataType type;
    private final List<CpuLstmLayer> layers = new ArrayList<>();
    private final List<CpuDropout> dropouts = new ArrayList<>();
    private final long hiddenBytes;
    private final GradientBuffers gradients;

    CpuLstm(CpuBackend backend, LstmSpec spec) {
        this.spec = spec;
        this.arguments = backend.arguments();
        this.type = backend.activationType();
        this.hiddenBytes = aligned(hiddenElements() * type.bytes());
        try {
            for (int k = 0; k < spec.layers(); k++) {
                layers.add(own(new CpuLstmLayer(backend, spec, k)));
            }
            for (int k = 0; k < spec.layers() - 1 && spec.dropout() > 0; k++) {
                dropouts.add(own(new CpuDropout(backend, spec.dropoutAfter(k))));
            }
            gradients = own(new GradientBuffers(backend));
        } catch (Throwable failure) {
            close();
            throw failure;
        }
    }

    /** Gradients between layers, which are F32 in every precision; at both ends they are converted where they are not. */
    private final class GradientBuffers extends CpuOperation {
        private final HostStorage[] buffers = new HostStorage[2];
        private final Optional<Primitive> widen;
        private final Optional<Primitive> narrow;

        GradientBuffers(CpuBackend backend) {
            long rows = (long) spec.batch() * spec.sequenceLength();
            long widest = Math.max(spec.inputSize(), spec.hiddenSize());
            for (int i = 0; i < buffers.length; i++) {
                buffers[i] = own(HostStorage.allocateNative(rows * widest * Float.BYTES));
            }
            widen = type == DataType.F32
                    ? Optional.empty()
                    : Optional.of(own(conversion(backend, type, DataType.F32, rows * spec.hiddenSize())));
            narrow = type == DataType.F32
                    ? Optional.empty()
                    : Optional.of(own(conversion(backend, DataType.F32, type, rows * spec.inputSize())));
        }

        private static Primitive conversion(CpuBackend backend, DataType from, DataType to, long elements) {
            try (MemoryDescriptor source = MemoryDescriptor.rowMajor(from, elements);
                    MemoryDescriptor target = MemoryDescriptor.rowMajor(to, elements);
                    Attributes none = new Attributes()) {
                return Primitives.reorder(backend.engine(), source, target, none);
            }
        }

        HostStorage of(int layer) {
            return buffers[layer % 2];
        }

        /** The address of the output's gradient in F32. */
        long start(Tensor dy) {
            long wide = of(spec.layers()).segment().address();
            return convert(widen, dy.address(), wide) ? wide : dy.address();
        }

        /** Where the lowest layer writes the input's gradient. */
        long end(Tensor dx) {
            return narrow.isPresent() ? of(0).segment().address() : dx.address();
        }

        void finish(Tensor dx) {
            convert(narrow, of(0).segment().address(), dx.address());
        }

        private boolean convert(Optional<Primitive> conversion, long from, long to) {
            conversion.ifPresent(
                    primitive -> primitive.at(dnnl.DNNL_ARG_FROM, from).at(dnnl.DNNL_ARG_TO, to).execute());
            return conversion.isPresent();
        }
    }

    @Override
    public LstmSpec spec() {
        return spec;
    }

    @Override
    public List<ParameterRegion> parameterLayout() {
        return spec.contiguousLayout();
    }

    @Override
    public long parameterElements() {
        return parameterLayout().stream().mapToLong(region -> region.shape().elements()).sum();
    }

    @Override
    public Shape reserveShape() {
        return Shape.of(Math.toIntExact(offset(spec.layers()) / type.bytes()));
    }

    @Override
    public void forward(Tensor x, Tensor initialHidden, Tensor initialCell, Tensor parameters, long step, Tensor y,
            Tensor finalHidden, Tensor finalCell, Tensor reserve) {
        if (arguments.lstmForward(this, x, initialHidden, initialCell, parameters, y, finalHidden, finalCell,
                reserve)) {
            return;
        }
        MemorySegment kept = reserve.segment();
        long stateElements = finalHidden.elements() / spec.layers();
        for (int k = 0; k < spec.layers(); k++) {
            layers.get(k).forward(input(k, x, reserve, step), part(k, initialHidden), part(k, initialCell), parameters,
                    hidden(k, y, reserve), reserve.address() + offset(k));
            copy(kept, offset(k), finalHidden, k, stateElements);
            copy(kept, offset(k) + layers.get(k).finalCellOffset(), finalCell, k, stateElements);
            if (drops(k, step)) {
                long h = hiddenOffset(k);
                MemorySegment.copy(kept, h, kept, h + hiddenBytes, hiddenBytes);
                dropouts.get(k).apply(type, kept.asSlice(h + hiddenBytes, hiddenBytes), step);
            }
        }
    }

    @Override
    public void backward(Tensor x, Tensor initialHidden, Tensor initialCell, Tensor parameters, long step, Tensor y,
            Tensor reserve, Tensor dy, Tensor dx, Tensor dParameters) {
        if (arguments.lstmBackward(this, x, initialHidden, initialCell, parameters, y, reserve, dy, dx,
                dParameters)) {
            return;
        }
        long gradient = gradients.start(dy);
        for (int k = spec.layers() - 1; k >= 0; k--) {
            HostStorage buffer = gradients.of(k);
            long result = k == 0 ? gradients.end(dx) : buffer.segment().address();
            layers.get(k).backward(input(k, x, reserve, step), part(k, initialHidden), part(k, initialCell),
                    parameters, hidden(k, y, reserve), reserve.address() + offset(k), gradient, result, dParameters);
            if (k > 0 && drops(k - 1, step)) {
                dropouts.get(k - 1).apply(DataType.F32, buffer.segment(), step);
            }
            gradient = result;
        }
        gradients.finish(dx);
    }

    private boolean drops(int k, long step) {
        return k < dropouts.size() && step >= 0;
    }

    private long hiddenElements() {
        return (long) spec.batch() * spec.sequenceLength() * spec.hiddenSize();
    }

    /** Where layer k's part of the reserve starts, in bytes; for k = L, how long the reserve is. */
    private long offset(int k) {
        long offset = 0;
        for (int lower = 0; lower < k; lower++) {
            offset += aligned(layers.get(lower).reserveBytes());
            if (lower < spec.layers() - 1) {
                offset += spec.dropout() > 0 ? 2 * hiddenBytes : hiddenBytes;
            }
        }
        return offset;
    }

    /** Where in the reserve layer k's h lies, k not being the last layer. */
    private long hiddenOffset(int k) {
        return offset(k) + aligned(layers.get(k).reserveBytes());
    }

    /** The address of layer k's h. */
    private long hidden(int k, Tensor y, Tensor reserve) {
        return k == spec.layers() - 1 ? y.address() : reserve.address() + hiddenOffset(k);
    }

    /** The address of what layer k reads. */
    private long input(int k, Tensor x, Tensor reserve, long step) {
        if (k == 0) {
            return x.address();
        }
        long h = reserve.address() + hiddenOffset(k - 1);
        return drops(k - 1, step) ? h + hiddenBytes : h;
    }

    /** The address of layer k's part of a tensor (L, …). */
    private long part(int k, Tensor all) {
        return all.address() + all.bytes() / spec.layers() * k;
    }

    private static void copy(MemorySegment source, long offset, Tensor all, int k, long elements) {
        long bytes = elements * all.type().bytes();
        MemorySegment.copy(source, offset, all.segment(), bytes * k, bytes);
    }

    static long aligned(long bytes) {
        return Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT;
    }
}
