package dev.culebra.runtime.cudnn;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;

import dev.culebra.runtime.DataType;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Lstm;
import dev.culebra.runtime.operation.LstmSpec;
import dev.culebra.runtime.operation.ParameterRegion;
import dev.culebra.runtime.reference.ReferenceBackend;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** An LSTM of the reference backend, run forward and backward over random numbers. */
final class ReferenceRun {
    private static final long NO_STEP = -1;

    final Tensor x;
    final Tensor initialHidden;
    final Tensor initialCell;
    final Tensor y;
    final Tensor finalHidden;
    final Tensor finalCell;
    final Tensor dy;
    final Tensor dx;
    private final Map<String, ParameterRegion> layout = new HashMap<>();
    private final Tensor parameters;
    private final Tensor dParameters;
    private final ReferenceBackend backend = new ReferenceBackend();
    private final UnaryOperator<double[]> rounding;

    /**
     * Runs it. The parameters are drawn first, then the states, so that they are the same for every length.
     *
     * @param rounding to what the device computes with
     */
    ReferenceRun(LstmSpec spec, UnaryOperator<double[]> rounding, Random random) {
        this.rounding = rounding;
        try (Lstm lstm = backend.lstm(spec)) {
            lstm.parameterLayout().forEach(region -> layout.put(region.name(), region));
            double bound = 1 / Math.sqrt(spec.hiddenSize());
            parameters = filled(random.doubles(lstm.parameterElements(), -bound, bound).toArray(),
                    Math.toIntExact(lstm.parameterElements()));
            initialHidden = gaussian(random, spec.layers(), spec.batch(), spec.hiddenSize());
            initialCell = gaussian(random, spec.layers(), spec.batch(), spec.hiddenSize());
            x = gaussian(random, spec.batch(), spec.sequenceLength(), spec.inputSize());
            dy = gaussian(random, spec.batch(), spec.sequenceLength(), spec.hiddenSize());
            y = zeros(spec.batch(), spec.sequenceLength(), spec.hiddenSize());
            finalHidden = zeros(spec.layers(), spec.batch(), spec.hiddenSize());
            finalCell = zeros(spec.layers(), spec.batch(), spec.hiddenSize());
            dx = zeros(spec.batch(), spec.sequenceLength(), spec.inputSize());
            dParameters = zeros(Math.toIntExact(lstm.parameterElements()));
            Tensor reserve = backend.allocate(DataType.F64, lstm.reserveShape());
            lstm.forward(x, initialHidden, initialCell, parameters, NO_STEP, y, finalHidden, finalCell, reserve);
            lstm.backward(x, initialHidden, initialCell, parameters, NO_STEP, y, reserve, dy, dx, dParameters);
        }
    }

    /** The names of all parameters. */
    Set<String> names() {
        return layout.keySet();
    }

    /** The numbers of the parameter that has this one's name, and its shape. */
    double[] parameter(ParameterRegion region) {
        ParameterRegion own = layout.get(region.name());
        assertEquals(own.shape(), region.shape(), region.name());
        return parameters.view(own.offset(), own.shape()).toDoubles();
    }

    /** The gradient of a parameter. */
    double[] gradient(String name) {
        ParameterRegion own = layout.get(name);
        return dParameters.view(own.offset(), own.shape()).toDoubles();
    }

    private Tensor gaussian(Random random, int... sizes) {
        double[] values = new double[Math.toIntExact(Shape.of(sizes).elements())];
        Arrays.setAll(values, i -> random.nextGaussian());
        return filled(values, sizes);
    }

    private Tensor filled(double[] values, int... sizes) {
        Tensor tensor = zeros(sizes);
        tensor.set(rounding.apply(values));
        return tensor;
    }

    private Tensor zeros(int... sizes) {
        return backend.allocate(DataType.F64, Shape.of(sizes));
    }
}
