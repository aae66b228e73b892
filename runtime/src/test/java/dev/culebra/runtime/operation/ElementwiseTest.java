package dev.culebra.runtime.operation;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Comparison.Rounding;
import dev.culebra.runtime.operation.Comparison.Twin;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

class ElementwiseTest {
    static Stream<Object[]> shapes() {
        return TestBackends.with(TestBackends.awkwardSizes(4).stream().map(Shape::of).toList());
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void sumsMatchTheReference(TestBackends backend, Shape shape) {
        try (Comparison comparison = new Comparison(backend)) {
            Twin target = comparison.activations(shape.toArray());
            Twin source = comparison.activations(shape.toArray());
            comparison.run(on -> {
                try (Elementwise elementwise = on.backend().elementwise()) {
                    elementwise.add(on.of(target), on.of(source));
                }
            });
            comparison.assertClose("target", target, Rounding.ofSum(2));
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void swappingTheMiddleAxesMovesEachElementAndIsItsOwnInverse(TestBackends backend, Shape shape) {
        int rows = shape.size(1);
        int columns = shape.size(2);
        int inner = shape.size(3);
        try (Comparison comparison = new Comparison(backend);
                Elementwise elementwise = comparison.candidate().elementwise()) {
            Tensor source = comparison.activations(shape.toArray()).candidate();
            Tensor swapped = comparison.newActivations(shape.size(0), columns, rows, inner).candidate();
            Tensor back = comparison.newActivations(shape.toArray()).candidate();
            elementwise.swapMiddleAxes(source, swapped);
            elementwise.swapMiddleAxes(swapped, back);
            double[] from = source.toDoubles();
            double[] to = swapped.toDoubles();
            for (int i = 0; i < from.length; i++) {
                int outer = i / (rows * columns * inner);
                int row = i / (columns * inner) % rows;
                int column = i / inner % columns;
                assertEquals(from[i], to[((outer * columns + column) * rows + row) * inner + i % inner]);
            }
            assertArrayEquals(from, back.toDoubles());
        }
    }

    static Stream<Object[]> conversions() {
        List<List<DataType>> pairs = new ArrayList<>();
        List<DataType> types = List.of(DataType.F32, DataType.F64, DataType.BF16);
        types.forEach(from -> types.forEach(to -> pairs.add(List.of(from, to))));
        return TestBackends.with(pairs);
    }

    @ParameterizedTest
    @MethodSource("conversions")
    void conversionRoundsAsJavaDoes(TestBackends candidate, List<DataType> pair) {
        for (int[] sizes : TestBackends.awkwardSizes(2)) {
            try (Backend backend = candidate.open(); Elementwise elementwise = backend.elementwise()) {
                Shape shape = Shape.of(sizes);
                Tensor source = backend.allocate(pair.get(0), shape);
                Tensor target = backend.allocate(pair.get(1), shape);
                Tensor expected = backend.allocate(pair.get(1), shape);
                source.set(new Random(42).doubles(shape.elements(), -3, 3).toArray());
                elementwise.convert(source, target);
                expected.set(source.toDoubles());
                assertArrayEquals(expected.toDoubles(), target.toDoubles());
                List.of(source, target, expected).forEach(tensor -> tensor.storage().close());
            }
        }
    }
}
