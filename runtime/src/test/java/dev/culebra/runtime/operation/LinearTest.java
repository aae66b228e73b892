package dev.culebra.runtime.operation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;

import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Comparison.Rounding;
import dev.culebra.runtime.operation.Comparison.Twin;
import dev.culebra.runtime.reference.ReferenceBackend;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static dev.culebra.runtime.operation.FiniteDifferences.assertGradient;
import static dev.culebra.runtime.operation.FiniteDifferences.product;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

class LinearTest {
    static Stream<Object[]> cases() {
        List<LinearSpec> specs = new ArrayList<>();
        List<int[]> all = new ArrayList<>(TestBackends.awkwardSizes(3));
        // Rows of y as long as the epilogues of cuBLASLt want them.
        all.add(new int[] {33, 31, 40});
        for (int[] sizes : all) {
            for (Activation activation : Activation.values()) {
                specs.add(new LinearSpec(sizes[0], sizes[1], sizes[2], activation));
            }
        }
        for (Activation activation : Activation.values()) {
            specs.add(new LinearSpec(7, 33, 31, activation).withoutInputGradient());
        }
        return TestBackends.with(specs);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void forwardAndBackwardMatchTheReference(TestBackends backend, LinearSpec spec) {
        try (Comparison comparison = new Comparison(backend)) {
            Twin x = comparison.activations(spec.rows(), spec.inputSize());
            Twin weight = comparison.scaledParameters(1 / Math.sqrt(spec.inputSize()), spec.outputSize(),
                    spec.inputSize());
            Twin bias = comparison.parameters(spec.outputSize());
            Twin y = comparison.newActivations(spec.rows(), spec.outputSize());
            Twin z = spec.needsPreActivation() ? comparison.newActivations(spec.rows(), spec.outputSize()) : y;
            Twin dy = comparison.activations(spec.rows(), spec.outputSize());
            Twin dx = spec.inputGradient()
                    ? comparison.newActivations(spec.rows(), spec.inputSize())
                    : comparison.activations(spec.rows(), spec.inputSize());
            double[] dxBefore = dx.candidate().toDoubles();
            Twin dWeight = comparison.newParameters(spec.outputSize(), spec.inputSize());
            Twin dBias = comparison.newParameters(spec.outputSize());
            comparison.run(on -> {
                try (Linear linear = on.backend().linear(spec)) {
                    linear.forward(on.of(x), on.of(weight), on.of(bias), on.of(z), on.of(y));
                    linear.backward(on.of(x), on.of(weight), on.of(z), on.of(y), on.of(dy), on.of(dx), on.of(dWeight),
                            on.of(dBias));
                }
            });
            comparison.assertClose("y", y, Rounding.ofSum(spec.inputSize()));
            comparison.assertClose("z", z, Rounding.ofSum(spec.inputSize()));
            if (spec.inputGradient()) {
                comparison.assertClose("dx", dx, Rounding.ofSum(spec.outputSize()));
            } else {
                assertArrayEquals(dxBefore, dx.candidate().toDoubles(), "dx is left as it was");
                assertArrayEquals(dxBefore, dx.reference().toDoubles(), 0.01, "dx is left as it was");
            }
            comparison.assertClose("dWeight", dWeight, Rounding.ofSum(spec.rows()));
            comparison.assertClose("dBias", dBias, Rounding.ofSum(spec.rows()));
            if (spec.activation() == Activation.NONE) {
                assertArrayEquals(dy.reference().toDoubles(), dy.candidate().toDoubles(), "dy is left as it was");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.culebra.runtime.operation.TestBackends#all")
    void aChangedWeightIsSeenByTheNextCall(TestBackends backend) {
        LinearSpec spec = new LinearSpec(7, 33, 31, Activation.NONE);
        try (Comparison comparison = new Comparison(backend)) {
            Twin x = comparison.activations(7, 33);
            Twin weight = comparison.parameters(31, 33);
            Twin bias = comparison.parameters(31);
            Twin y = comparison.newActivations(7, 31);
            try (Linear candidate = comparison.candidate().linear(spec);
                    Linear reference = comparison.reference().linear(spec)) {
                for (int round = 0; round < 2; round++) {
                    comparison.run(on -> on.choose(candidate, reference).forward(on.of(x), on.of(weight), on.of(bias),
                            on.of(y), on.of(y)));
                    comparison.assertClose("y in round " + round, y, Rounding.ofSum(33));
                    comparison.refill(weight);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void noActivationHidesNaN(TestBackends backend, LinearSpec spec) {
        try (Comparison comparison = new Comparison(backend);
                Linear linear = comparison.candidate().linear(spec)) {
            Tensor x = comparison.activations(spec.rows(), spec.inputSize()).candidate();
            Tensor weight = comparison.parameters(spec.outputSize(), spec.inputSize()).candidate();
            Tensor bias = comparison.parameters(spec.outputSize()).candidate();
            Tensor y = comparison.activations(spec.rows(), spec.outputSize()).candidate();
            Tensor z = spec.needsPreActivation()
                    ? comparison.activations(spec.rows(), spec.outputSize()).candidate()
                    : y;
            x.view(0, Shape.of(1)).set(Double.NaN);
            linear.forward(x, weight, bias, z, y);
            double[] values = y.toDoubles();
            for (int i = 0; i < values.length; i++) {
                assertEquals(i < spec.outputSize(), Double.isNaN(values[i]), "element " + i);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void gradientsAreFiniteDifferences(Activation activation) {
        LinearSpec spec = new LinearSpec(3, 5, 4, activation);
        try (ReferenceBackend backend = new ReferenceBackend(); Linear linear = backend.linear(spec)) {
            FiniteDifferences tensors = new FiniteDifferences(backend);
            Tensor x = tensors.random(3, 5);
            Tensor weight = tensors.random(4, 5);
            Tensor bias = tensors.random(4);
            Tensor z = tensors.zeros(3, 4);
            Tensor y = tensors.zeros(3, 4);
            Tensor dy = tensors.random(3, 4);
            Tensor dx = tensors.zeros(3, 5);
            Tensor dWeight = tensors.zeros(4, 5);
            Tensor dBias = tensors.zeros(4);
            linear.forward(x, weight, bias, z, y);
            linear.backward(x, weight, z, y, dy, dx, dWeight, dBias);
            DoubleSupplier loss = () -> {
                linear.forward(x, weight, bias, z, y);
                return product(y, dy);
            };
            assertGradient("x", x, dx, loss);
            assertGradient("weight", weight, dWeight, loss);
            assertGradient("bias", bias, dBias, loss);
        }
    }
}
