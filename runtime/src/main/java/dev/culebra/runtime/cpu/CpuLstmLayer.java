package dev.culebra.runtime.cpu;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

import dev.culebra.bindings.onednn.dnnl;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.HostStorage;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.onednn.Attributes;
import dev.culebra.runtime.onednn.Engine;
import dev.culebra.runtime.onednn.MemoryDescriptor;
import dev.culebra.runtime.onednn.Primitive;
import dev.culebra.runtime.onednn.Primitives;
import dev.culebra.runtime.operation.LstmSpec;
import dev.culebra.runtime.operation.OwningOperation;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

/**
 * One LSTM layer in time-major order: x W_ihᵀ + b of all time steps is one product; then each step adds h W_hhᵀ, and the
 * {@link LstmCell} does the rest. Backward walks the steps from the last to the first, dh_{t-1} += dgates_t W_hh, and has
 * the gradients of both weights, and of x, as one product each over all steps.
 *
 * <p>oneDNN has a primitive for all of it, whose backward pass adds to the weights' gradients at every step and computes
 * the gradient of x whether it is wanted or not. With bf16 instructions, at 16 x 256 x 768 to 512, it was no faster than in
 * fp32, and took twice as long as this does without that gradient.
 */
final class CpuLstmLayer extends OwningOperation {
    private static final int GATES = LstmCell.GATES;

    private final LstmSpec spec;
    private final int hidden;
    private final int input;
    private final DataType type;
    private final long offset;
    private final LstmReserve reserve;
    private final LstmCell cell;
    private final Primitive gatesOfInput;
    private final Primitive addGatesOfHidden;
    private final Primitive addHiddenGradient;
    private final Optional<Primitive> inputGradient;
    private final Primitive inputWeightGradient;
    private final Primitive hiddenWeightGradient;
    private final PackedWeight forwardInputWeight;
    private final PackedWeight forwardHiddenWeight;
    private final PackedWeight backwardHiddenWeight;
    private final Optional<PackedWeight> backwardInputWeight;
    private final HostStorage bias;
    private final CopyOrigin biasOrigin = new CopyOrigin();

    CpuLstmLayer(CpuBackend backend, LstmSpec spec, int layer) {
        this.spec = spec;
        this.hidden = spec.hiddenSize();
        this.input = spec.inputSize(layer);
        this.type = backend.activationType();
        this.offset = spec.contiguousLayout().get(layer * 4).offset();
        Engine engine = backend.engine();
        int batch = spec.batch();
        long rows = (long) batch * spec.sequenceLength();
        int gates = GATES * hidden;
        reserve = new LstmReserve(spec.sequenceLength(), batch, hidden, type);
        try (MemoryDescriptor x = MemoryDescriptor.rowMajor(type, rows, input);
                MemoryDescriptor allHidden = MemoryDescriptor.rowMajor(type, rows, hidden);
                MemoryDescriptor allGates = MemoryDescriptor.rowMajor(DataType.F32, rows, gates);
                MemoryDescriptor allGateGradients = MemoryDescriptor.rowMajor(type, rows, gates);
                MemoryDescriptor stepHidden = MemoryDescriptor.rowMajor(type, batch, hidden);
                MemoryDescriptor stepGates = MemoryDescriptor.rowMajor(DataType.F32, batch, gates);
                MemoryDescriptor stepGateGradients = MemoryDescriptor.rowMajor(type, batch, gates);
                MemoryDescriptor stepHiddenGradient = MemoryDescriptor.rowMajor(DataType.F32, batch, hidden);
                MemoryDescriptor xGradient = MemoryDescriptor.rowMajor(DataType.F32, rows, input);
                MemoryDescriptor biases = MemoryDescriptor.rowMajor(DataType.F32, 1, gates);
                MemoryDescriptor biasGradient = MemoryDescriptor.rowMajor(DataType.F32, gates);
                MemoryDescriptor anyInputWeight = MemoryDescriptor.any(type, input, gates);
                MemoryDescriptor anyHiddenWeight = MemoryDescriptor.any(type, hidden, gates);
                MemoryDescriptor anyInputWeightBack = MemoryDescriptor.any(type, gates, input);
                MemoryDescriptor anyHiddenWeightBack = MemoryDescriptor.any(type, gates, hidden);
                Attributes none = new Attributes();
                Attributes accumulate = new Attributes().accumulate()) {
            cell = own(new LstmCell(backend, reserve));
            gatesOfInput = own(Primitives.matmul(engine, x, anyInputWeight, Optional.of(biases), allGates, none));
            addGatesOfHidden = own(Primitives.matmul(engine, stepHidden, anyHiddenWeight, Optional.empty(), stepGates,
                    accumulate));
            addHiddenGradient = own(Primitives.matmul(engine, stepGateGradients, anyHiddenWeightBack, Optional.empty(),
                    stepHiddenGradient, accumulate));
            inputGradient = layer > 0 || spec.inputGradient()
                    ? Optional.of(own(Primitives.matmul(engine, allGateGradients, anyInputWeightBack,
                            Optional.empty(), xGradient, none)))
                    : Optional.empty();
            inputWeightGradient = own(weightGradient(engine, x, allGateGradients, input, Optional.of(biasGradient)));
            hiddenWeightGradient = own(weightGradient(engine, allHidden, allGateGradients, hidden, Optional.empty()));
            forwardInputWeight = own(transposed(engine, gatesOfInput, input));
            forwardHiddenWeight = own(transposed(engine, addGatesOfHidden, hidden));
            backwardHiddenWeight = own(original(engine, addHiddenGradient, hidden));
            backwardInputWeight = inputGradient.map(user -> own(original(engine, user, input)));
            bias = own(engine.allocate((long) gates * Float.BYTES));
        } catch (Throwable failure) {
            closeAfter(failure);
            throw failure;
        }
    }

    /** dgatesᵀ · source, (4H, columns), and the sums of dgates, (4H), if they are wanted. */
    private Primitive weightGradient(Engine engine, MemoryDescriptor source, MemoryDescriptor gateGradients,
            int columns, Optional<MemoryDescriptor> biasGradient) {
        try (MemoryDescriptor anyWeight = MemoryDescriptor.any(type, GATES * hidden, columns);
                MemoryDescriptor weight = MemoryDescriptor.rowMajor(DataType.F32, GATES * hidden, columns)) {
            return Primitives.linearParameterGradient(engine, source, anyWeight, weight, biasGradient, gateGradients);
        }
    }

    /** A weight (4H, columns) as a product reads its transpose. */
    private PackedWeight transposed(Engine engine, Primitive user, int columns) {
        try (MemoryDescriptor weight = MemoryDescriptor.strided(DataType.F32, new long[] {columns, GATES * hidden},
                new long[] {1, columns})) {
            return new PackedWeight(engine, weight, user, dnnl.DNNL_ARG_WEIGHTS);
        }
    }

    /** A weight (4H, columns) as a product reads it. */
    private PackedWeight original(Engine engine, Primitive user, int columns) {
        try (MemoryDescriptor weight = MemoryDescriptor.rowMajor(DataType.F32, GATES * hidden, columns)) {
            return new PackedWeight(engine, weight, user, dnnl.DNNL_ARG_WEIGHTS);
        }
    }

    /** What this keeps from forward to backward. */
    LstmReserve reserve() {
        return reserve;
    }

    /**
     * Runs all time steps.
     *
     * @param x the address of the input, activations (T, B, in)
     * @param initialHidden h₀, activations (B, H)
     * @param initialCell c₀, F32 (B, H)
     * @param kept overwritten, {@link #reserve}
     */
    void forward(long x, MemorySegment initialHidden, MemorySegment initialCell, Tensor parameters,
            MemorySegment kept) {
        sumBiases(parameters);
        MemorySegment.copy(initialHidden, 0, kept, reserve.hidden(0), reserve.stateBytes(type));
        MemorySegment.copy(initialCell, 0, kept, reserve.cell(0), reserve.stateBytes(DataType.F32));
        gatesOfInput.at(dnnl.DNNL_ARG_SRC, x)
                .at(dnnl.DNNL_ARG_WEIGHTS, forwardInputWeight.address(inputWeight(parameters)))
                .at(dnnl.DNNL_ARG_BIAS, bias.segment().address())
                .at(dnnl.DNNL_ARG_DST, kept.address() + reserve.gates(0)).execute();
        addGatesOfHidden.at(dnnl.DNNL_ARG_WEIGHTS, forwardHiddenWeight.address(hiddenWeight(parameters)));
        for (int t = 0; t < spec.sequenceLength(); t++) {
            addGatesOfHidden.at(dnnl.DNNL_ARG_SRC, kept.address() + reserve.hidden(t))
                    .at(dnnl.DNNL_ARG_DST, kept.address() + reserve.gates(t)).execute();
            cell.forward(kept, t);
        }
    }

    /**
     * Computes the gradients.
     *
     * @param x as forward had it
     * @param kept as forward left it; overwritten
     * @param gateGradients overwritten, activations (T, B, 4H); where those are F32 not used
     * @param gradient that of h₁ to h_T, F32 (T, B, H); overwritten
     * @param xGradient the address of the result, F32 (T, B, in), overwritten where the gradient of x is wanted
     * @param dParameters overwritten in this layer's part
     */
    void backward(long x, Tensor parameters, MemorySegment kept, Optional<HostStorage> gateGradients,
            MemorySegment gradient, long xGradient, Tensor dParameters) {
        MemorySegment dGates = gateGradients.map(HostStorage::segment).orElse(kept.asSlice(reserve.gates(0)));
        addHiddenGradient.at(dnnl.DNNL_ARG_WEIGHTS, backwardHiddenWeight.address(hiddenWeight(parameters)));
        cell.startBackward();
        for (int t = spec.sequenceLength() - 1; t >= 0; t--) {
            cell.backward(kept, t, gradient, dGates);
            if (t > 0) {
                addHiddenGradient.at(dnnl.DNNL_ARG_SRC, dGates.address() + t * reserve.gateBytes(type))
                        .at(dnnl.DNNL_ARG_DST, gradient.address() + (t - 1) * reserve.stateBytes(DataType.F32))
                        .execute();
            }
        }
        inputWeightGradient.at(dnnl.DNNL_ARG_SRC, x).at(dnnl.DNNL_ARG_DIFF_DST, dGates.address())
                .at(dnnl.DNNL_ARG_DIFF_WEIGHTS, inputWeight(dParameters).address())
                .at(dnnl.DNNL_ARG_DIFF_BIAS, bias(dParameters, 0).address()).execute();
        hiddenWeightGradient.at(dnnl.DNNL_ARG_SRC, kept.address() + reserve.hidden(0))
                .at(dnnl.DNNL_ARG_DIFF_DST, dGates.address())
                .at(dnnl.DNNL_ARG_DIFF_WEIGHTS, hiddenWeight(dParameters).address()).execute();
        bias(dParameters, 1).segment().copyFrom(bias(dParameters, 0).segment());
        inputGradient.ifPresent(product -> product.at(dnnl.DNNL_ARG_SRC, dGates.address())
                .at(dnnl.DNNL_ARG_WEIGHTS, backwardInputWeight.orElseThrow().address(inputWeight(parameters)))
                .at(dnnl.DNNL_ARG_DST, xGradient).execute());
    }

    /** PyTorch has two biases, which are only ever added. */
    private void sumBiases(Tensor parameters) {
        if (biasOrigin.is(parameters)) {
            return;
        }
        MemorySegment first = bias(parameters, 0).segment();
        MemorySegment second = bias(parameters, 1).segment();
        for (int i = 0; i < GATES * hidden; i++) {
            bias.segment().setAtIndex(JAVA_FLOAT, i,
                    first.getAtIndex(JAVA_FLOAT, i) + second.getAtIndex(JAVA_FLOAT, i));
        }
        biasOrigin.becomes(parameters);
    }

    private Tensor inputWeight(Tensor block) {
        return block.view(offset, Shape.of(GATES * hidden, input));
    }

    private Tensor hiddenWeight(Tensor block) {
        return block.view(offset + (long) GATES * hidden * input, Shape.of(GATES * hidden, hidden));
    }

    private Tensor bias(Tensor block, int which) {
        return block.view(offset + (long) GATES * hidden * (input + hidden + which), Shape.of(GATES * hidden));
    }
}
