package dev.culebra.runtime.reference;

import java.util.List;

import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Arguments;
import dev.culebra.runtime.operation.Lstm;
import dev.culebra.runtime.operation.LstmSpec;
import dev.culebra.runtime.operation.ParameterRegion;

/** {@link Lstm}: a stack of {@link LstmLayer}s, each with its part of every tensor. */
record ReferenceLstm(LstmSpec spec, Arguments arguments) implements Lstm {
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
        return Shape.of(spec.layers(), spec.batch(), spec.sequenceLength(), LstmLayer.KEPT, spec.hiddenSize());
    }

    @Override
    public void forward(Tensor x, Tensor initialHidden, Tensor initialCell, Tensor parameters, long step, Tensor y,
            Tensor finalHidden, Tensor finalCell, Tensor reserve) {
        if (arguments.lstmForward(this, x, initialHidden, initialCell, parameters, y, finalHidden, finalCell,
                reserve)) {
            return;
        }
        double[] in = x.toDoubles(); // (B, T, E), further up (B, T, H)
        for (int k = 0; k < spec.layers(); k++) {
            LstmLayer layer = layer(k);
            double[] kept = layer.forward(input(k, in, initialHidden, initialCell), weights(k, parameters));
            part(k, reserve).set(kept);
            part(k, finalHidden).set(layer.last(LstmLayer.HIDDEN, kept));
            part(k, finalCell).set(layer.last(LstmLayer.CELL, kept));
            in = output(k, kept, step);
        }
        y.set(in);
    }

    @Override
    public void backward(Tensor x, Tensor initialHidden, Tensor initialCell, Tensor parameters, long step, Tensor y,
            Tensor reserve, Tensor dy, Tensor dx, Tensor dParameters) {
        if (arguments.lstmBackward(this, x, initialHidden, initialCell, parameters, y, reserve, dy, dx,
                dParameters)) {
            return;
        }
        double[] gradient = dy.toDoubles(); // (B, T, H)
        for (int k = spec.layers() - 1; k >= 0; k--) {
            double[] in = k == 0 ? x.toDoubles() : output(k - 1, part(k - 1, reserve).toDoubles(), step);
            dropAfter(k, gradient, step);
            LstmLayer.Gradients gradients = layer(k).backward(input(k, in, initialHidden, initialCell),
                    weights(k, parameters), part(k, reserve).toDoubles(), gradient);
            region(k, 0, dParameters).set(gradients.weights().input());
            region(k, 1, dParameters).set(gradients.weights().hidden());
            region(k, 2, dParameters).set(gradients.weights().inputBias());
            region(k, 3, dParameters).set(gradients.weights().hiddenBias());
            gradient = gradients.x();
        }
        if (spec.inputGradient()) {
            dx.set(gradient);
        }
    }

    private LstmLayer layer(int k) {
        return new LstmLayer(spec.batch(), spec.sequenceLength(), spec.inputSize(k), spec.hiddenSize());
    }

    private LstmLayer.Input input(int k, double[] in, Tensor initialHidden, Tensor initialCell) {
        return new LstmLayer.Input(in, part(k, initialHidden).toDoubles(), part(k, initialCell).toDoubles());
    }

    /** What layer k hands on (B, T, H): all its h, and dropout between two layers. */
    private double[] output(int k, double[] kept, long step) {
        double[] h = layer(k).all(LstmLayer.HIDDEN, kept);
        dropAfter(k, h, step);
        return h;
    }

    /** Applies the mask on the output of layer k, or on the gradient of that. */
    private void dropAfter(int k, double[] values, long step) {
        if (k < spec.layers() - 1 && step >= 0) {
            ReferenceDropout.applyMask(spec.dropoutAfter(k), step, values);
        }
    }

    private LstmLayer.Weights weights(int k, Tensor parameters) {
        return new LstmLayer.Weights(region(k, 0, parameters).toDoubles(), region(k, 1, parameters).toDoubles(),
                region(k, 2, parameters).toDoubles(), region(k, 3, parameters).toDoubles());
    }

    /** The i-th of the four regions of layer k. */
    private Tensor region(int k, int i, Tensor block) {
        ParameterRegion region = parameterLayout().get(4 * k + i);
        return block.view(region.offset(), region.shape());
    }

    /** Layer k's part of a tensor (L, …). */
    private Tensor part(int k, Tensor all) {
        int elements = Math.toIntExact(all.elements() / spec.layers());
        return all.view((long) k * elements, Shape.of(elements));
    }

    @Override
    public void close() {}
}
