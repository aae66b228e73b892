package dev.culebra.runtime.reference;

import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Arguments;
import dev.culebra.runtime.operation.Elementwise;

/** {@link Elementwise} as its formulas stand there. */
record ReferenceElementwise(Arguments arguments) implements Elementwise {
    @Override
    public void add(Tensor target, Tensor source) {
        if (arguments.add(target, source)) {
            return;
        }
        double[] sum = target.toDoubles();
        double[] summand = source.toDoubles();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += summand[i];
        }
        target.set(sum);
    }

    @Override
    public void swapMiddleAxes(Tensor source, Tensor target) {
        if (arguments.swapMiddleAxes(source, target)) {
            return;
        }
        Shape shape = source.shape();
        int rows = shape.size(1);
        int columns = shape.size(2);
        int inner = shape.size(3);
        double[] in = source.toDoubles(); // (outer, rows, columns, inner)
        double[] out = new double[in.length]; // (outer, columns, rows, inner)
        for (int outer = 0; outer < shape.size(0); outer++) {
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    for (int i = 0; i < inner; i++) {
                        out[((outer * columns + column) * rows + row) * inner + i] = //
                                in[((outer * rows + row) * columns + column) * inner + i];
                    }
                }
            }
        }
        target.set(out);
    }

    @Override
    public void convert(Tensor source, Tensor target) {
        if (arguments.convert(source, target)) {
            return;
        }
        target.set(source.toDoubles());
    }

    @Override
    public void close() {}
}
