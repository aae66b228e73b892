package dev.culebra.runtime.operation;

import java.util.List;
import java.util.stream.Stream;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Comparison.Rounding;
import dev.culebra.runtime.operation.Comparison.Twin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class CachedAttentionTest {
    private static final List<CachedAttentionSpec> SPECS = List.of(new CachedAttentionSpec(1, 1, 1, 1, 1),
            new CachedAttentionSpec(1, 1, 257, 2, 64), new CachedAttentionSpec(3, 7, 31, 2, 33),
            new CachedAttentionSpec(2, 33, 33, 3, 7), new CachedAttentionSpec(1, 31, 64, 1, 257));

    static Stream<Object[]> cases() {
        return TestBackends.with(SPECS);
    }

    /** Whatever is cut into calls, the outputs are those of attention over the whole sequence. */
    @ParameterizedTest
    @MethodSource("cases")
    void continuesWhatAttentionComputesAtOnce(TestBackends candidate, CachedAttentionSpec spec) {
        int b = spec.batch();
        int n = spec.newPositions();
        int m = spec.heads();
        int d = spec.headSize();
        int calls = spec.capacity() / n;
        int length = calls * n;
        try (Comparison comparison = new Comparison(candidate)) {
            Twin qkv = comparison.activations(b, length, 3, m, d);
            Twin expected = comparison.newActivations(b, length, m, d);
            // Whatever numbers lie behind the positions that are kept, none of them counts.
            Twin keysValues = comparison.activations(b, spec.capacity(), 2, m, d);
            Twin output = comparison.newActivations(b, length, m, d);
            Twin logSumExp = comparison.newParameters(b, m, length);
            try (Attention whole = comparison.reference()
                    .attention(new AttentionSpec(b, length, m, d))) {
                whole.forward(qkv.reference(), logSumExp.reference(), expected.reference());
            }
            comparison.run(on -> {
                try (CachedAttention attention = on.backend().cachedAttention(spec)) {
                    new Continuation(on.backend(), attention, length).run(on.of(qkv), on.of(keysValues),
                            on.of(output));
                }
            });
            assertArrayEquals(expected.reference().toDoubles(), output.reference().toDoubles(), 1e-14);
            comparison.assertClose("output", output, Rounding.ofSum(length + d));
            comparison.assertClose("keysValues", keysValues, Rounding.ofSum(1));
        }
    }

    /** All calls for sequences of a length, each with its part of (B, length, ...). */
    private record Continuation(Backend backend, CachedAttention attention, int length) {
        void run(Tensor qkv, Tensor keysValues, Tensor output) {
            CachedAttentionSpec spec = attention.spec();
            int n = spec.newPositions();
            Tensor position = backend.allocate(DataType.I32, Shape.of(1));
            Tensor packed = backend.allocate(qkv.type(), Shape.of(spec.batch(), n, 3, spec.heads(), spec.headSize()));
            Tensor part = backend.allocate(output.type(), Shape.of(spec.batch(), n, spec.heads(), spec.headSize()));
            try {
                for (int first = 0; first + n <= length; first += n) {
                    position.set(new int[] {first});
                    for (int b = 0; b < spec.batch(); b++) {
                        rows(packed, b, 0, n, n).set(rows(qkv, b, first, n, length).toDoubles());
                    }
                    attention.forward(packed, position, keysValues, part);
                    for (int b = 0; b < spec.batch(); b++) {
                        rows(output, b, first, n, length).set(rows(part, b, 0, n, n).toDoubles());
                    }
                }
            } finally {
                position.storage().close();
                packed.storage().close();
                part.storage().close();
            }
        }

        /** So many positions of sequence b of (B, length, ...), flat. */
        private static Tensor rows(Tensor tensor, int b, int first, int count, int length) {
            int ofRow = Math.toIntExact(tensor.elements() / tensor.shape().size(0) / length);
            return tensor.view((long) (b * length + first) * ofRow, Shape.of(count * ofRow));
        }
    }

    @Test
    void noRoomForTheNewPositionsIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new CachedAttentionSpec(1, 3, 2, 1, 1));
    }
}
