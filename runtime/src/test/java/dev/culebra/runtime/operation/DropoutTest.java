package dev.culebra.runtime.operation;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Comparison.Rounding;
import dev.culebra.runtime.operation.Comparison.Twin;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

class DropoutTest {
    static Stream<Object[]> cases() {
        List<DropoutSpec> specs = Stream.of(1, 7, 31, 33, 257, 100_003)
                .flatMap(n -> Stream.of(0.0, 0.1, 0.5).map(p -> new DropoutSpec(n, p, 0x123456789abcdefL, 7))).toList();
        return TestBackends.with(specs);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theSameElementsAreDroppedOnEveryBackend(TestBackends backend, DropoutSpec spec) {
        try (Comparison comparison = new Comparison(backend)) {
            Twin x = comparison.activations(spec.elements());
            comparison.run(on -> {
                try (Dropout dropout = on.backend().dropout(spec)) {
                    dropout.apply(on.of(x), 1L << 33);
                }
            });
            comparison.assertClose("x", x, Rounding.ofSum(1));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.culebra.runtime.operation.TestBackends#all")
    void eachStepHasItsMaskAndRepeatsIt(TestBackends backend) {
        DropoutSpec spec = new DropoutSpec(257, 0.5, 42, 0);
        double[] ones = new double[257];
        Arrays.fill(ones, 1);
        try (Comparison comparison = new Comparison(backend);
                Dropout dropout = comparison.candidate().dropout(spec)) {
            Tensor x = comparison.newActivations(257).candidate();
            double[][] masks = new double[3][];
            long[] steps = {5, 6, 5};
            for (int i = 0; i < 3; i++) {
                x.set(ones);
                dropout.apply(x, steps[i]);
                masks[i] = x.toDoubles();
            }
            assertFalse(Arrays.equals(masks[0], masks[1]));
            assertArrayEquals(masks[0], masks[2]);
        }
    }
}
