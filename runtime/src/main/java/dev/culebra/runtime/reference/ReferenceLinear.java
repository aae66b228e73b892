package dev.culebra.runtime.reference;

import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Arguments;
import dev.culebra.runtime.operation.Linear;
import dev.culebra.runtime.operation.LinearSpec;

/** {@link Linear} as its formulas stand there. */
record ReferenceLinear(LinearSpec spec, Arguments arguments) implements Linear {
    @Override
    public void forward(Tensor x, Tensor weight, Tensor bias, Tensor preActivation, Tensor y) {
        if (arguments.linearForward(spec, x, weight, bias, preActivation, y)) {
            return;
        }
        double[] in = x.toDoubles(); // (rows, inputs)
        double[] w = weight.toDoubles(); // (outputs, inputs)
        double[] b = bias.toDoubles(); // (outputs)
        double[] z = new double[spec.rows() * spec.outputSize()]; // (rows, outputs)
        double[] out = new double[z.length]; // (rows, outputs)
        for (int r = 0; r < spec.rows(); r++) {
            for (int o = 0; o < spec.outputSize(); o++) {
                double sum = b[o];
                for (int i = 0; i < spec.inputSize(); i++) {
                    sum += in[r * spec.inputSize() + i] * w[o * spec.inputSize() + i];
                }
                z[r * spec.outputSize() + o] = sum;
                out[r * spec.outputSize() + o] = ActivationFunction.value(spec.activation(), sum);
            }
        }
        if (spec.needsPreActivation()) {
            preActivation.set(z);
        }
        y.set(out);
    }

    @Override
    public void backward(Tensor x, Tensor weight, Tensor preActivation, Tensor y, Tensor dy, Tensor dx, Tensor dWeight,
            Tensor dBias) {
        if (arguments.linearBackward(spec, x, weight, preActivation, y, dy, dx, dWeight, dBias)) {
            return;
        }
        double[] in = x.toDoubles(); // (rows, inputs)
        double[] w = weight.toDoubles(); // (outputs, inputs)
        // ReLU's derivative is the same at z as at y = max(0, z), and the identity's everywhere.
        double[] z = (spec.needsPreActivation() ? preActivation : y).toDoubles(); // (rows, outputs)
        double[] dOut = dy.toDoubles(); // (rows, outputs)
        double[] dIn = new double[in.length]; // (rows, inputs)
        double[] dw = new double[w.length]; // (outputs, inputs)
        double[] db = new double[spec.outputSize()]; // (outputs)
        for (int r = 0; r < spec.rows(); r++) {
            for (int o = 0; o < spec.outputSize(); o++) {
                int index = r * spec.outputSize() + o;
                double dz = dOut[index] * ActivationFunction.derivative(spec.activation(), z[index]);
                db[o] += dz;
                for (int i = 0; i < spec.inputSize(); i++) {
                    dIn[r * spec.inputSize() + i] += dz * w[o * spec.inputSize() + i];
                    dw[o * spec.inputSize() + i] += dz * in[r * spec.inputSize() + i];
                }
            }
        }
        if (spec.inputGradient()) {
            dx.set(dIn);
        }
        dWeight.set(dw);
        dBias.set(db);
    }

    @Override
    public void close() {}
}
