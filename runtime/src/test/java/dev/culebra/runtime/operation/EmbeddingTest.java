package dev.culebra.runtime.operation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;

import dev.culebra.runtime.DataType;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Comparison.Rounding;
import dev.culebra.runtime.operation.Comparison.Twin;
import dev.culebra.runtime.reference.ReferenceBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static dev.culebra.runtime.operation.FiniteDifferences.assertGradient;
import static dev.culebra.runtime.operation.FiniteDifferences.product;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

class EmbeddingTest {
    static Stream<Object[]> cases() {
        List<EmbeddingSpec> specs = new ArrayList<>();
        for (int[] sizes : TestBackends.awkwardSizes(4)) {
            specs.add(new EmbeddingSpec(sizes[0], sizes[1], sizes[2], sizes[3], 0));
            specs.add(new EmbeddingSpec(sizes[0], sizes[1], sizes[2], sizes[3], sizes[1]));
            specs.add(new EmbeddingSpec(sizes[0], sizes[1], sizes[2], sizes[3], sizes[1] + 2));
        }
        return TestBackends.with(specs);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void forwardAndBackwardMatchTheReference(TestBackends backend, EmbeddingSpec spec) {
        boolean positioned = spec.positions() > 0;
        try (Comparison comparison = new Comparison(backend)) {
            Twin tokens = comparison.tokens(spec.vocabulary(), spec.batch(), spec.sequenceLength());
            Twin tokenTable = comparison.parameters(spec.vocabulary(), spec.width());
            Twin positionTable = positioned ? comparison.parameters(spec.positions(), spec.width()) : tokenTable;
            Twin y = comparison.newActivations(spec.batch(), spec.sequenceLength(), spec.width());
            Twin dy = comparison.activations(spec.batch(), spec.sequenceLength(), spec.width());
            // The classifier's gradient, which the look-ups' is added to.
            Twin dTokenTable = comparison.parameters(spec.vocabulary(), spec.width());
            Twin dPositionTable = positioned ? comparison.newParameters(spec.positions(), spec.width()) : dTokenTable;
            comparison.run(on -> {
                try (Embedding embedding = on.backend().embedding(spec)) {
                    embedding.forward(on.of(tokens), on.of(tokenTable), on.of(positionTable), on.of(y));
                    embedding.backward(on.of(tokens), on.of(dy), on.of(dTokenTable), on.of(dPositionTable));
                }
            });
            comparison.assertClose("y", y, Rounding.ofSum(2));
            comparison.assertClose("dTokenTable", dTokenTable,
                    Rounding.ofSum((long) spec.batch() * spec.sequenceLength()).inMasters());
            comparison.assertClose("dPositionTable", dPositionTable, Rounding.ofSum(spec.batch()).inMasters());
        }
    }

    @ParameterizedTest
    @MethodSource("dev.culebra.runtime.operation.TestBackends#all")
    void paddingLearnsNothingFromLookUps(TestBackends backend) {
        try (Comparison comparison = new Comparison(backend)) {
            Twin tokens = comparison.tokens(1, 3, 5);
            Twin dy = comparison.activations(3, 5, 7);
            Twin dTable = comparison.parameters(2, 7);
            double[] ofClassifier = dTable.candidate().toDoubles();
            try (Embedding embedding = comparison.candidate().embedding(new EmbeddingSpec(3, 5, 2, 7, 0))) {
                embedding.backward(tokens.candidate(), dy.candidate(), dTable.candidate(), dTable.candidate());
            }
            assertArrayEquals(ofClassifier, dTable.candidate().toDoubles());
        }
    }

    @Test
    void gradientsAreFiniteDifferences() {
        EmbeddingSpec spec = new EmbeddingSpec(2, 3, 4, 2, 5);
        try (ReferenceBackend backend = new ReferenceBackend(); Embedding embedding = backend.embedding(spec)) {
            FiniteDifferences tensors = new FiniteDifferences(backend);
            Tensor tokens = backend.allocate(DataType.I32, Shape.of(2, 3));
            tokens.set(new int[] {1, 3, 1, 2, 1, 2});
            Tensor tokenTable = tensors.random(4, 2);
            Tensor positionTable = tensors.random(5, 2);
            Tensor y = tensors.zeros(2, 3, 2);
            Tensor dy = tensors.random(2, 3, 2);
            Tensor dTokenTable = tensors.zeros(4, 2);
            Tensor dPositionTable = tensors.zeros(5, 2);
            embedding.backward(tokens, dy, dTokenTable, dPositionTable);
            DoubleSupplier loss = () -> {
                embedding.forward(tokens, tokenTable, positionTable, y);
                return product(y, dy);
            };
            assertGradient("tokenTable", tokenTable, dTokenTable, loss);
            assertGradient("positionTable", positionTable, dPositionTable, loss);
        }
    }
}
