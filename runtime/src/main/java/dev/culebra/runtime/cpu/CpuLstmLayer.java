package dev.culebra.runtime.cpu;

import java.lang.foreign.MemorySegment;

import dev.culebra.bindings.onednn.dnnl;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.HostStorage;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.onednn.Attributes;
import dev.culebra.runtime.onednn.Engine;
import dev.culebra.runtime.onednn.LstmDescriptors;
import dev.culebra.runtime.onednn.MemoryDescriptor;
import dev.culebra.runtime.onednn.Primitive;
import dev.culebra.runtime.onednn.Primitives;
import dev.culebra.runtime.operation.LstmSpec;
import dev.culebra.runtime.operation.OwningOperation;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

/**
 * One LSTM layer through oneDNN's recurrent primitive. That has one bias where PyTorch has two, so forward gives it their
 * sum, and backward copies its gradient to both.
 */
final class CpuLstmLayer extends OwningOperation {
    private static final int GATES = 4;

    private final int hidden;
    private final int input;
    private final long offset;
    private final Primitive forward;
    private final Primitive backward;
    private final Weights forwardWeights;
    private final Weights backwardWeights;
    private final Primitive unpackInputGradient;
    private final Primitive unpackHiddenGradient;
    private final HostStorage bias;
    private final HostStorage biasGradient;
    private final HostStorage inputWeightGradient;
    private final HostStorage hiddenWeightGradient;
    private final HostStorage noGradient;
    private final HostStorage ignored;
    private final long stateBytes;
    private final long reserveBytes;
    private final CopyOrigin biasOrigin = new CopyOrigin();

    CpuLstmLayer(CpuBackend backend, LstmSpec spec, int layer) {
        this.hidden = spec.hiddenSize();
        this.input = spec.inputSize(layer);
        this.offset = spec.contiguousLayout().get(layer * 4).offset();
        Engine engine = backend.engine();
        DataType type = backend.activationType();
        this.stateBytes = CpuLstm.aligned((long) spec.batch() * hidden * Float.BYTES);
        try (LstmDescriptors descriptors = LstmDescriptors.of(type, spec.batch(), spec.sequenceLength(), input, hidden);
                MemoryDescriptor originalInput = original(input);
                MemoryDescriptor originalHidden = original(hidden);
                Attributes none = new Attributes()) {
            forward = own(Primitives.lstm(engine, descriptors));
            reserveBytes = 2 * stateBytes + forward.bytes(dnnl.DNNL_ARG_WORKSPACE);
            backward = own(Primitives.lstmBackward(engine, forward, descriptors));
            forwardWeights = own(new Weights(engine, forward, originalInput, originalHidden));
            backwardWeights = own(new Weights(engine, backward, originalInput, originalHidden));
            bias = own(backend.engine().allocate((long) GATES * hidden * Float.BYTES));
            biasGradient = own(backend.engine().allocate((long) GATES * hidden * Float.BYTES));
            inputWeightGradient = own(backend.engine().allocate(
                    backward.bytes(dnnl.DNNL_ARG_DIFF_WEIGHTS_LAYER)));
            hiddenWeightGradient = own(backend.engine().allocate(
                    backward.bytes(dnnl.DNNL_ARG_DIFF_WEIGHTS_ITER)));
            noGradient = own(backend.engine().allocate(stateBytes));
            ignored = own(backend.engine().allocate(2 * stateBytes));
            try (MemoryDescriptor packedInput = backward.layout(dnnl.DNNL_ARG_DIFF_WEIGHTS_LAYER);
                    MemoryDescriptor packedHidden = backward.layout(dnnl.DNNL_ARG_DIFF_WEIGHTS_ITER)) {
                unpackInputGradient = own(Primitives.reorder(engine, packedInput, originalInput, none));
                unpackHiddenGradient = own(Primitives.reorder(engine, packedHidden, originalHidden, none));
            }
        } catch (Throwable failure) {
            closeAfter(failure);
            throw failure;
        }
    }

    /** PyTorch's (4H, in) as oneDNN names it: layers, directions, gates, outputs, inputs. */
    private MemoryDescriptor original(int inputs) {
        return MemoryDescriptor.tagged(DataType.F32, dnnl.dnnl_ldgoi, 1, 1, inputs, GATES, hidden);
    }

    /** The two weights as one of the primitives wants them. */
    private static final class Weights extends OwningOperation {
        final PackedWeight ofInput;
        final PackedWeight ofHidden;

        Weights(Engine engine, Primitive user, MemoryDescriptor originalInput, MemoryDescriptor originalHidden) {
            try {
                ofInput = own(new PackedWeight(engine, originalInput, user, dnnl.DNNL_ARG_WEIGHTS_LAYER));
                ofHidden = own(new PackedWeight(engine, originalHidden, user, dnnl.DNNL_ARG_WEIGHTS_ITER));
            } catch (Throwable failure) {
                closeAfter(failure);
                throw failure;
            }
        }
    }

    /** How much a layer keeps from forward to backward: h_T and c_T, F32's size each, then oneDNN's workspace. */
    long reserveBytes() {
        return reserveBytes;
    }

    /** Where in the reserve c_T lies. */
    long finalCellOffset() {
        return stateBytes;
    }

    /** All but the parameters are addresses: x (T, B, in), h₀ and c₀ (B, H); y (T, B, H) and the reserve, overwritten. */
    void forward(long x, long initialHidden, long initialCell, Tensor parameters, long y, long reserve) {
        sumBiases(parameters);
        forward.at(dnnl.DNNL_ARG_SRC_LAYER, x).at(dnnl.DNNL_ARG_SRC_ITER, initialHidden)
                .at(dnnl.DNNL_ARG_SRC_ITER_C, initialCell)
                .at(dnnl.DNNL_ARG_WEIGHTS_LAYER, forwardWeights.ofInput.address(inputWeight(parameters)))
                .at(dnnl.DNNL_ARG_WEIGHTS_ITER, forwardWeights.ofHidden.address(hiddenWeight(parameters)))
                .at(dnnl.DNNL_ARG_BIAS, bias.segment().address()).at(dnnl.DNNL_ARG_DST_LAYER, y)
                .at(dnnl.DNNL_ARG_DST_ITER, reserve).at(dnnl.DNNL_ARG_DST_ITER_C, reserve + stateBytes)
                .at(dnnl.DNNL_ARG_WORKSPACE, reserve + 2 * stateBytes).execute();
    }

    /** As forward; gradient is that of y, F32 (T, B, H), result, overwritten, that of x, F32 (T, B, in). */
    void backward(long x, long initialHidden, long initialCell, Tensor parameters, long y, long reserve, long gradient,
            long result, Tensor dParameters) {
        sumBiases(parameters);
        // oneDNN adds to these.
        biasGradient.segment().fill((byte) 0);
        inputWeightGradient.segment().fill((byte) 0);
        hiddenWeightGradient.segment().fill((byte) 0);
        long zero = noGradient.segment().address();
        backward.at(dnnl.DNNL_ARG_SRC_LAYER, x).at(dnnl.DNNL_ARG_SRC_ITER, initialHidden)
                .at(dnnl.DNNL_ARG_SRC_ITER_C, initialCell)
                .at(dnnl.DNNL_ARG_WEIGHTS_LAYER, backwardWeights.ofInput.address(inputWeight(parameters)))
                .at(dnnl.DNNL_ARG_WEIGHTS_ITER, backwardWeights.ofHidden.address(hiddenWeight(parameters)))
                .at(dnnl.DNNL_ARG_BIAS, bias.segment().address()).at(dnnl.DNNL_ARG_DST_LAYER, y)
                .at(dnnl.DNNL_ARG_DST_ITER, reserve).at(dnnl.DNNL_ARG_DST_ITER_C, reserve + stateBytes)
                .at(dnnl.DNNL_ARG_WORKSPACE, reserve + 2 * stateBytes).at(dnnl.DNNL_ARG_DIFF_DST_LAYER, gradient)
                .at(dnnl.DNNL_ARG_DIFF_DST_ITER, zero).at(dnnl.DNNL_ARG_DIFF_DST_ITER_C, zero)
                .at(dnnl.DNNL_ARG_DIFF_SRC_LAYER, result)
                .at(dnnl.DNNL_ARG_DIFF_SRC_ITER, ignored.segment().address())
                .at(dnnl.DNNL_ARG_DIFF_SRC_ITER_C, ignored.segment().address() + stateBytes)
                .at(dnnl.DNNL_ARG_DIFF_WEIGHTS_LAYER, inputWeightGradient.segment().address())
                .at(dnnl.DNNL_ARG_DIFF_WEIGHTS_ITER, hiddenWeightGradient.segment().address())
                .at(dnnl.DNNL_ARG_DIFF_BIAS, biasGradient.segment().address()).execute();
        unpackInputGradient.at(dnnl.DNNL_ARG_FROM, inputWeightGradient.segment().address())
                .at(dnnl.DNNL_ARG_TO, inputWeight(dParameters).address()).execute();
        unpackHiddenGradient.at(dnnl.DNNL_ARG_FROM, hiddenWeightGradient.segment().address())
                .at(dnnl.DNNL_ARG_TO, hiddenWeight(dParameters).address()).execute();
        long bytes = biasGradient.bytes();
        MemorySegment biases = biases(dParameters).segment();
        MemorySegment.copy(biasGradient.segment(), 0, biases, 0, bytes);
        MemorySegment.copy(biasGradient.segment(), 0, biases, bytes, bytes);
    }

    private void sumBiases(Tensor parameters) {
        if (biasOrigin.is(parameters)) {
            return;
        }
        MemorySegment both = biases(parameters).segment();
        for (int i = 0; i < GATES * hidden; i++) {
            bias.segment().setAtIndex(JAVA_FLOAT, i,
                    both.getAtIndex(JAVA_FLOAT, i) + both.getAtIndex(JAVA_FLOAT, GATES * hidden + i));
        }
        biasOrigin.becomes(parameters);
    }

    private Tensor inputWeight(Tensor block) {
        return block.view(offset, Shape.of(GATES * hidden, input));
    }

    private Tensor hiddenWeight(Tensor block) {
        return block.view(offset + (long) GATES * hidden * input, Shape.of(GATES * hidden, hidden));
    }

    private Tensor biases(Tensor block) {
        return block.view(offset + (long) GATES * hidden * (input + hidden), Shape.of(2, GATES * hidden));
    }
}
