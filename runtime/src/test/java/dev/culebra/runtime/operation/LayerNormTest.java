package dev.culebra.runtime.operation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Comparison.Rounding;
import dev.culebra.runtime.operation.Comparison.Twin;
import dev.culebra.runtime.reference.ReferenceBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.culebra.runtime.operation.FiniteDifferences.assertGradient;
import static dev.culebra.runtime.operation.FiniteDifferences.product;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

class LayerNormTest {
    static Stream<Object[]> cases() {
        List<LayerNormSpec> specs = new ArrayList<>();
        for (int[] sizes : TestBackends.awkwardSizes(2)) {
            specs.add(new LayerNormSpec(sizes[0], sizes[1], 1e-5, false));
            specs.add(new LayerNormSpec(sizes[0], sizes[1], 1e-5, true));
        }
        return TestBackends.with(specs);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void forwardAndBackwardMatchTheReference(TestBackends backend, LayerNormSpec spec) {
        int rows = spec.rows();
        int features = spec.features();
        try (Comparison comparison = new Comparison(backend)) {
            Twin x = comparison.activations(rows, features);
            Twin residual = spec.residual() ? comparison.activations(rows, features) : x;
            Twin weight = comparison.parameters(features);
            Twin bias = comparison.parameters(features);
            Twin sum = spec.residual() ? comparison.newActivations(rows, features) : x;
            Twin statistics = comparison.newParameters(2, rows);
            Twin y = comparison.newActivations(rows, features);
            Twin dy = comparison.activations(rows, features);
            Twin dSum = comparison.newActivations(rows, features);
            Twin dWeight = comparison.newParameters(features);
            Twin dBias = comparison.newParameters(features);
            comparison.run(on -> {
                try (LayerNorm layerNorm = on.backend().layerNorm(spec)) {
                    layerNorm.forward(on.of(x), on.of(residual), on.of(weight), on.of(bias), on.of(sum),
                            on.of(statistics), on.of(y));
                    layerNorm.backward(on.of(sum), on.of(statistics), on.of(weight), on.of(dy), on.of(dSum),
                            on.of(dWeight), on.of(dBias));
                }
            });
            comparison.assertClose("sum", sum, Rounding.ofSum(2));
            comparison.assertClose("y", y, Rounding.ofSum(features));
            // A row's gradient is a difference of numbers of the size of 1 / √(var + ε): of a single feature, nothing.
            double largestFactor = max(statistics.reference().view(rows, Shape.of(rows)).toDoubles());
            comparison.assertClose("dSum", dSum, Rounding.ofSum(features).ofSize(largestFactor));
            comparison.assertClose("dWeight", dWeight, Rounding.ofSum(rows).ofSize(Math.sqrt(rows)));
            comparison.assertClose("dBias", dBias, Rounding.ofSum(rows));
        }
    }

    private static double max(double[] values) {
        return DoubleStream.of(values).max().orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("dev.culebra.runtime.operation.TestBackends#all")
    void rowsFarFromZeroKeepTheirVariance(TestBackends backend) {
        LayerNormSpec spec = new LayerNormSpec(1, 4, 0, false);
        try (Comparison comparison = new Comparison(backend)) {
            Twin x = comparison.activations(1, 4);
            // The mean of the squares less the square of the mean would cancel to nothing in single precision.
            comparison.set(x, 4096, 4128, 4160, 4192);
            Twin weight = comparison.parameters(4);
            Twin bias = comparison.parameters(4);
            Twin statistics = comparison.newParameters(2, 1);
            Twin y = comparison.newActivations(1, 4);
            comparison.run(on -> {
                try (LayerNorm layerNorm = on.backend().layerNorm(spec)) {
                    layerNorm.forward(on.of(x), on.of(x), on.of(weight), on.of(bias), on.of(x), on.of(statistics),
                            on.of(y));
                }
            });
            comparison.assertClose("y", y, Rounding.ofSum(4).ofSize(20));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void gradientsAreFiniteDifferences(boolean residual) {
        LayerNormSpec spec = new LayerNormSpec(3, 5, 1e-5, residual);
        try (ReferenceBackend backend = new ReferenceBackend(); LayerNorm layerNorm = backend.layerNorm(spec)) {
            FiniteDifferences tensors = new FiniteDifferences(backend);
            Tensor x = tensors.random(3, 5);
            Tensor r = residual ? tensors.random(3, 5) : x;
            Tensor weight = tensors.random(5);
            Tensor bias = tensors.random(5);
            Tensor sum = residual ? tensors.zeros(3, 5) : x;
            Tensor statistics = tensors.zeros(2, 3);
            Tensor y = tensors.zeros(3, 5);
            Tensor dy = tensors.random(3, 5);
            Tensor dSum = tensors.zeros(3, 5);
            Tensor dWeight = tensors.zeros(5);
            Tensor dBias = tensors.zeros(5);
            layerNorm.forward(x, r, weight, bias, sum, statistics, y);
            layerNorm.backward(sum, statistics, weight, dy, dSum, dWeight, dBias);
            DoubleSupplier loss = () -> {
                layerNorm.forward(x, r, weight, bias, sum, statistics, y);
                return product(y, dy);
            };
            assertGradient("x", x, dSum, loss);
            assertGradient("residual", r, dSum, loss);
            assertGradient("weight", weight, dWeight, loss);
            assertGradient("bias", bias, dBias, loss);
        }
    }

    @Test
    void rowsHaveMeanZeroAndVarianceOne() {
        try (ReferenceBackend backend = new ReferenceBackend()) {
            LayerNorm layerNorm = backend.layerNorm(new LayerNormSpec(2, 3, 0, false));
            FiniteDifferences tensors = new FiniteDifferences(backend);
            Tensor x = tensors.zeros(2, 3);
            x.set(1, 2, 3, -5, 0, 5);
            Tensor one = tensors.zeros(3);
            one.set(1, 1, 1);
            Tensor y = tensors.zeros(2, 3);
            layerNorm.forward(x, x, one, tensors.zeros(3), x, tensors.zeros(2, 2), y);
            double[] expected = {-Math.sqrt(1.5), 0, Math.sqrt(1.5), -Math.sqrt(1.5), 0, Math.sqrt(1.5)};
            assertArrayEquals(expected, y.toDoubles(), 1e-15);
        }
    }
}
