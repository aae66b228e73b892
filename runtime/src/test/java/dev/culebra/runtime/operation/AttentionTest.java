package dev.culebra.runtime.operation;

import java.util.List;
import java.util.stream.Stream;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Precision;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Comparison.Rounding;
import dev.culebra.runtime.operation.Comparison.Twin;
import dev.culebra.runtime.reference.ReferenceBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static dev.culebra.runtime.operation.FiniteDifferences.assertGradient;
import static dev.culebra.runtime.operation.FiniteDifferences.product;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class AttentionTest {
    /** Sequences and heads about the tiles of the kernels; larger batches would only take the stand-in's time. */
    private static final List<AttentionSpec> ON_CUDA = List.of(new AttentionSpec(1, 1, 1, 1),
            new AttentionSpec(7, 17, 13, 11), new AttentionSpec(2, 11, 3, 33), new AttentionSpec(1, 23, 2, 128),
            new AttentionSpec(1, 64, 3, 64), new AttentionSpec(1, 256, 1, 64), new AttentionSpec(2, 257, 1, 7));

    /** Sequences about the blocks of the products, with one head and with several. */
    private static final List<AttentionSpec> ON_CPU = List.of(new AttentionSpec(2, 256, 12, 64),
            new AttentionSpec(2, 129, 3, 7), new AttentionSpec(1, 300, 1, 13));

    static Stream<Object[]> cases() {
        List<AttentionSpec> specs = Stream.concat(ON_CPU.stream(), TestBackends.awkwardSizes(4).stream()
                .map(sizes -> new AttentionSpec(sizes[0], sizes[1], sizes[2], sizes[3]))).toList();
        return TestBackends.all().flatMap(backend -> (backend.device().equals("cuda") ? ON_CUDA : specs).stream()
                .map(spec -> new Object[] {backend, spec}));
    }

    @Test
    void headsThatCudaHasNoKernelForAreRefused() {
        try (Backend cuda = new TestBackends("cuda", Precision.FP32).open()) {
            assertThrows(IllegalArgumentException.class, () -> cuda.attention(new AttentionSpec(1, 7, 1, 129)));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void forwardAndBackwardMatchTheReference(TestBackends backend, AttentionSpec spec) {
        int b = spec.batch();
        int t = spec.sequenceLength();
        int m = spec.heads();
        int d = spec.headSize();
        try (Comparison comparison = new Comparison(backend)) {
            Twin qkv = comparison.activations(b, t, 3, m, d);
            Twin logSumExp = comparison.newParameters(b, m, t);
            Twin output = comparison.newActivations(b, t, m, d);
            Twin dOutput = comparison.activations(b, t, m, d);
            Twin dQkv = comparison.newActivations(b, t, 3, m, d);
            comparison.run(on -> {
                try (Attention attention = on.backend().attention(spec)) {
                    attention.forward(on.of(qkv), on.of(logSumExp), on.of(output));
                    attention.backward(on.of(qkv), on.of(logSumExp), on.of(output), on.of(dOutput), on.of(dQkv));
                }
            });
            comparison.assertClose("output", output, Rounding.ofSum(t + d));
            // The scores' gradients are differences of products of two numbers of size 1.
            comparison.assertClose("dQueriesKeysValues", dQkv, Rounding.ofSum(t + d).inSteps(2).ofSize(1));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.culebra.runtime.operation.TestBackends#all")
    void weightsMatchTheReferenceAndAreCausal(TestBackends backend) {
        AttentionSpec spec = new AttentionSpec(2, 33, 3, 7);
        try (Comparison comparison = new Comparison(backend)) {
            Twin qkv = comparison.activations(2, 33, 3, 3, 7);
            Twin weights = comparison.newActivations(2, 3, 33, 33);
            comparison.run(on -> {
                try (Attention attention = on.backend().attention(spec)) {
                    attention.weights(on.of(qkv), on.of(weights));
                }
            });
            comparison.assertClose("weights", weights, Rounding.ofSum(33 + 7));
            double[] p = weights.candidate().toDoubles();
            for (int row = 0; row < 2 * 3 * 33; row++) {
                for (int tau = row % 33 + 1; tau < 33; tau++) {
                    assertEquals(0, p[row * 33 + tau], "the weight of position " + tau + " in row " + row);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.culebra.runtime.operation.TestBackends#all")
    void aChangeAtAPositionChangesNothingBeforeIt(TestBackends candidate) {
        int length = 33;
        int width = 3 * 7;
        int changed = 17;
        AttentionSpec spec = new AttentionSpec(1, length, 3, 7);
        try (Comparison comparison = new Comparison(candidate)) {
            Backend backend = comparison.candidate();
            Tensor qkv = comparison.activations(1, length, 3, 3, 7).candidate();
            Tensor logSumExp = comparison.newParameters(1, 3, length).candidate();
            Tensor output = comparison.newActivations(1, length, 3, 7).candidate();
            try (Attention attention = backend.attention(spec)) {
                attention.forward(qkv, logSumExp, output);
                double[] before = output.toDoubles();
                double[] values = qkv.toDoubles();
                for (int i = changed * 3 * width; i < (changed + 1) * 3 * width; i++) {
                    values[i] += 1;
                }
                qkv.set(values);
                attention.forward(qkv, logSumExp, output);
                double[] after = output.toDoubles();
                for (int i = 0; i < changed * width; i++) {
                    assertEquals(before[i], after[i], "element " + i % width + " of position " + i / width);
                }
                assertNotEquals(before[changed * width], after[changed * width]);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.culebra.runtime.operation.TestBackends#all")
    void largeScoresDoNotOverflow(TestBackends backend) {
        AttentionSpec spec = new AttentionSpec(1, 7, 1, 4);
        try (Comparison comparison = new Comparison(backend)) {
            Twin qkv = comparison.activations(1, 7, 3, 1, 4);
            double[] values = qkv.reference().toDoubles();
            for (int i = 0; i < values.length; i++) {
                // Queries and keys of 32 make scores of thousands, whose exponentials have no floating-point number.
                values[i] = i / 4 % 3 == 2 ? values[i] : Math.copySign(32, values[i]);
            }
            comparison.set(qkv, values);
            Twin logSumExp = comparison.newParameters(1, 1, 7);
            Twin output = comparison.newActivations(1, 7, 1, 4);
            comparison.run(on -> {
                try (Attention attention = on.backend().attention(spec)) {
                    attention.forward(on.of(qkv), on.of(logSumExp), on.of(output));
                }
            });
            comparison.assertClose("output", output, Rounding.ofSum(7 + 4));
        }
    }

    @Test
    void theOutputIsTheWeightsTimesTheValues() {
        AttentionSpec spec = new AttentionSpec(2, 5, 3, 4);
        try (ReferenceBackend backend = new ReferenceBackend(); Attention attention = backend.attention(spec)) {
            FiniteDifferences tensors = new FiniteDifferences(backend);
            Tensor qkv = tensors.random(2, 5, 3, 3, 4);
            Tensor output = tensors.zeros(2, 5, 3, 4);
            Tensor weights = tensors.zeros(2, 3, 5, 5);
            attention.forward(qkv, tensors.zeros(2, 3, 5), output);
            attention.weights(qkv, weights);
            int b = 1;
            int head = 2;
            int t = 3;
            int i = 1;
            double expected = 0;
            for (int tau = 0; tau < 5; tau++) {
                double weight = weights.toDoubles()[((b * 3 + head) * 5 + t) * 5 + tau];
                double value = qkv.toDoubles()[(((b * 5 + tau) * 3 + 2) * 3 + head) * 4 + i];
                expected += weight * value;
            }
            assertEquals(expected, output.toDoubles()[((b * 5 + t) * 3 + head) * 4 + i], 1e-15);
        }
    }

    @Test
    void gradientsAreFiniteDifferences() {
        AttentionSpec spec = new AttentionSpec(2, 4, 2, 3);
        try (ReferenceBackend backend = new ReferenceBackend(); Attention attention = backend.attention(spec)) {
            FiniteDifferences tensors = new FiniteDifferences(backend);
            Tensor qkv = tensors.random(2, 4, 3, 2, 3);
            Tensor logSumExp = tensors.zeros(2, 2, 4);
            Tensor output = tensors.zeros(2, 4, 2, 3);
            Tensor dOutput = tensors.random(2, 4, 2, 3);
            Tensor dQkv = tensors.zeros(2, 4, 3, 2, 3);
            attention.forward(qkv, logSumExp, output);
            attention.backward(qkv, logSumExp, output, dOutput, dQkv);
            assertGradient("queriesKeysValues", qkv, dQkv, () -> {
                attention.forward(qkv, logSumExp, output);
                return product(output, dOutput);
            });
        }
    }
}
