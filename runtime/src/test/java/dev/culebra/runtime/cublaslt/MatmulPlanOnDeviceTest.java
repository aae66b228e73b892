package dev.culebra.runtime.cublaslt;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

import dev.culebra.runtime.DataType;
import dev.culebra.runtime.Precision;
import dev.culebra.runtime.Tolerance;
import dev.culebra.runtime.driver.CudaGraph;
import dev.culebra.runtime.driver.DeviceMemory;
import dev.culebra.runtime.driver.ExecutableGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Plans on a GPU: batches, C, the choice of an algorithm, graphs, and misuse. */
class MatmulPlanOnDeviceTest extends MatmulsOnDevice {
    private static final int M = 33;
    private static final int N = 31;
    private static final int K = 257;
    private static final MatmulSpec SPEC = MatmulSpec.of(MatmulShape.of(M, N, K), DataType.F32,
            ComputeType.STRICT_F32);

    private final Random random = new Random(42);

    @ParameterizedTest
    @CsvSource({"F64, F64, F64, FP64", "BF16, F32, F32, BF16", "BF16, BF16, STRICT_F32, BF16", "F32, F32, F32, TF32"})
    void batchesOfAllTypesMayShareAnOperand(DataType type, DataType result, ComputeType compute, Precision precision) {
        int batch = 3;
        MatmulSpec spec = new MatmulSpec(new MatmulShape(M, N, K, batch), new MatrixLayout(type, true, M + 7, K * 64L),
                new MatrixLayout(type, false, N + 1, 0), new MatrixLayout(result, false, N + 9, M * 40L), compute,
                Epilogue.NONE);
        double[] a = gaussian(type, (int) (spec.bytesOfA() / type.bytes()));
        double[] b = gaussian(type, (int) (spec.bytesOfB() / type.bytes()));
        DeviceMemory d = unwritten(spec.bytesOfD());
        try (MatmulPlan plan = MatmulPlan.create(library, spec, WORKSPACE_BYTES, 16)) {
            plan.execute(stream, MatmulOperands.of(numbers(type, a), numbers(type, b), d), 1, 0, workspace);
        }
        double[] found = numbers(result, d);
        for (int p = 0; p < batch; p++) {
            double[] expected = new double[M * N];
            double[] product = new double[M * N];
            for (int i = 0; i < M; i++) {
                for (int j = 0; j < N; j++) {
                    for (int k = 0; k < K; k++) {
                        expected[i * N + j] += a[p * K * 64 + k * (M + 7) + i] * b[k * (N + 1) + j];
                    }
                    product[i * N + j] = found[p * M * 40 + i * (N + 9) + j];
                }
            }
            Tolerance.of(precision, K).assertClose("product " + p, expected, product);
        }
        assertTrue(Double.isNaN(found[N]), "what lies between the rows of D is left alone");
    }

    @Test
    void cIsAddedFromElsewhereOrInPlaceAndNotReadWithBetaZero() {
        double[] a = gaussian(DataType.F32, M * K);
        double[] b = gaussian(DataType.F32, K * N);
        double[] c = gaussian(DataType.F32, M * N);
        double[] expected = product(a, b);
        Arrays.setAll(expected, i -> 0.5 * expected[i] - 2 * c[i]);
        DeviceMemory d = unwritten(SPEC.bytesOfD());
        MatmulOperands operands = MatmulOperands.of(numbers(DataType.F32, a), numbers(DataType.F32, b), d);
        Tolerance tolerance = Tolerance.of(Precision.FP32, K).ofSize(Math.sqrt(K));
        try (MatmulPlan plan = MatmulPlan.create(library, SPEC, WORKSPACE_BYTES)) {
            plan.execute(stream, operands.withC(numbers(DataType.F32, c)), 0.5, -2, workspace);
            tolerance.assertClose("C elsewhere", expected, numbers(DataType.F32, d));
            d.copyFrom(numbers(DataType.F32, c), stream);
            plan.execute(stream, operands, 0.5, -2, workspace);
            tolerance.assertClose("C in place", expected, numbers(DataType.F32, d));
            d.fill((byte) -1, stream);
            plan.execute(stream, operands, 1, 0, workspace);
            tolerance.assertClose("C is NaN", product(a, b), numbers(DataType.F32, d));
        }
    }

    @Test
    void everyAlgorithmComputesTheProduct() {
        double[] a = gaussian(DataType.F32, M * K);
        double[] b = gaussian(DataType.F32, K * N);
        DeviceMemory d = unwritten(SPEC.bytesOfD());
        MatmulOperands operands = MatmulOperands.of(numbers(DataType.F32, a), numbers(DataType.F32, b), d);
        try (MatmulPlan plan = MatmulPlan.create(library, SPEC, WORKSPACE_BYTES)) {
            assertEquals(plan.algorithms().getFirst(), plan.algorithm());
            Tolerance tolerance = Tolerance.of(Precision.FP32, K);
            for (MatmulAlgorithm algorithm : plan.algorithms()) {
                plan.choose(algorithm);
                d.fill((byte) -1, stream);
                plan.execute(stream, operands, 1, 0, workspace);
                tolerance.assertClose(algorithm.toString(), product(a, b), numbers(DataType.F32, d));
            }
            MatmulAlgorithm foreign = new MatmulAlgorithm(List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L), 0, 1);
            assertThrows(IllegalArgumentException.class, () -> plan.choose(foreign));
        }
    }

    @Test
    void aRememberedChoiceIsTakenUpWhereItHolds() {
        try (MatmulPlan before = MatmulPlan.create(library, SPEC, WORKSPACE_BYTES);
                MatmulPlan after = MatmulPlan.create(library, SPEC, WORKSPACE_BYTES);
                MatmulPlan other = MatmulPlan.create(library, SPEC.transposeB(), WORKSPACE_BYTES)) {
            before.choose(before.algorithms().getLast());
            RememberedAlgorithm remembered = RememberedAlgorithm.fromBytes(before.remember().toBytes());
            assertEquals(Optional.empty(), after.restore(remembered, WORKSPACE_BYTES));
            assertEquals(before.algorithm().state(), after.algorithm().state());
            assertEquals(before.algorithm().workspaceBytes(), after.algorithm().workspaceBytes());
            MatmulAlgorithm kept = other.algorithm();
            assertTrue(other.restore(remembered, WORKSPACE_BYTES).orElseThrow().startsWith("it was chosen for "));
            assertEquals(kept, other.algorithm());
            String elsewhere = before.key().replace(context.device().name(), "another device");
            assertTrue(after.restore(new RememberedAlgorithm(elsewhere, remembered.state()), WORKSPACE_BYTES)
                    .orElseThrow().contains("another device"));
            String older = before.key().replace("cuBLASLt " + CublasLt.version(), "cuBLASLt 12.0.0");
            assertTrue(after.restore(new RememberedAlgorithm(older, remembered.state()), WORKSPACE_BYTES).orElseThrow()
                    .contains("cuBLASLt 12.0.0"));
            if (before.algorithm().workspaceBytes() > 0) {
                assertTrue(after.restore(remembered, 0).orElseThrow().contains("bytes of workspace, not 0"));
            }
        }
    }

    @Test
    void aCapturedProductReadsWhatLiesThereThen() {
        double[] a = gaussian(DataType.F32, M * K);
        double[] b = gaussian(DataType.F32, K * N);
        DeviceMemory first = numbers(DataType.F32, a);
        DeviceMemory d = unwritten(SPEC.bytesOfD());
        MatmulOperands operands = MatmulOperands.of(first, numbers(DataType.F32, b), d);
        try (MatmulPlan plan = MatmulPlan.create(library, SPEC, WORKSPACE_BYTES)) {
            plan.execute(stream, operands, 1, 0, workspace); // Its kernel is loaded before the capture.
            try (CudaGraph graph = stream.capture(() -> plan.execute(stream, operands, 1, 0, workspace));
                    ExecutableGraph executable = graph.instantiate()) {
                assertThrows(IllegalStateException.class, d::close, "the graph needs it");
                d.fill((byte) -1, stream);
                first.copyFrom(numbers(DataType.F32, negated(a)), stream);
                executable.launch(stream);
                Tolerance.of(Precision.FP32, K).assertClose("D", negated(product(a, b)), numbers(DataType.F32, d));
            }
        }
    }

    @Test
    void misuseIsRefused() {
        DeviceMemory a = unwritten(SPEC.bytesOfA());
        DeviceMemory b = unwritten(SPEC.bytesOfB());
        DeviceMemory d = unwritten(SPEC.bytesOfD());
        MatmulOperands operands = MatmulOperands.of(a, b, d);
        MatmulPlan plan = MatmulPlan.create(library, SPEC, WORKSPACE_BYTES);
        assertThrows(IllegalStateException.class, library::close, "the plan needs it");
        assertThrows(IllegalStateException.class, context::close, "the library needs it");
        MatmulOperands small = MatmulOperands.of(a, b, d.slice(0, d.bytes() - 4));
        assertThrows(IllegalArgumentException.class, () -> plan.execute(stream, small, 1, 0, workspace));
        plan.close();
        plan.close();
        assertThrows(IllegalStateException.class, () -> plan.execute(stream, operands, 1, 0, workspace));
        RememberedAlgorithm remembered = plan.remember();
        assertThrows(IllegalStateException.class, () -> plan.restore(remembered, WORKSPACE_BYTES));
        CublasLtHandle closed = CublasLtHandle.create(context);
        closed.close();
        assertThrows(IllegalStateException.class, () -> MatmulPlan.create(closed, SPEC, WORKSPACE_BYTES));
    }

    private double[] gaussian(DataType type, int elements) {
        double[] values = new double[elements];
        Arrays.setAll(values, i -> random.nextGaussian());
        return rounded(type, values);
    }

    private static double[] negated(double[] values) {
        return Arrays.stream(values).map(value -> -value).toArray();
    }

    /** A (M, K) times B (K, N). */
    private static double[] product(double[] a, double[] b) {
        double[] product = new double[M * N];
        for (int i = 0; i < M; i++) {
            for (int j = 0; j < N; j++) {
                for (int k = 0; k < K; k++) {
                    product[i * N + j] += a[i * K + k] * b[k * N + j];
                }
            }
        }
        return product;
    }
}
