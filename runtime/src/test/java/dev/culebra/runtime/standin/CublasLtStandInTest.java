package dev.culebra.runtime.standin;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;

import dev.culebra.bindings.cublaslt.cublasLt;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.NumbersOnDevice;
import dev.culebra.runtime.Precision;
import dev.culebra.runtime.Tolerance;
import dev.culebra.runtime.cublas.CublasException;
import dev.culebra.runtime.cublaslt.ComputeType;
import dev.culebra.runtime.cublaslt.CublasLtHandle;
import dev.culebra.runtime.cublaslt.Epilogue;
import dev.culebra.runtime.cublaslt.MatmulOperands;
import dev.culebra.runtime.cublaslt.MatmulPlan;
import dev.culebra.runtime.cublaslt.MatmulShape;
import dev.culebra.runtime.cublaslt.MatmulSpec;
import dev.culebra.runtime.cublaslt.Workspace;
import dev.culebra.runtime.driver.CudaException;
import dev.culebra.runtime.driver.CudaGraph;
import dev.culebra.runtime.driver.DeviceMemory;
import dev.culebra.runtime.driver.ExecutableGraph;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What the stand-in for cuBLASLt finds wrong. What it computes is tested with the plans themselves. */
class CublasLtStandInTest extends NumbersOnDevice {
    private static final MatmulSpec SPEC = MatmulSpec.of(MatmulShape.of(33, 31, 257), DataType.F32,
            ComputeType.STRICT_F32);
    private static final long WORKSPACE_BYTES = 1 << 20;

    private CublasLtHandle library;

    @BeforeEach
    void openLibrary() {
        assumeTrue(StandIn.isActive(), "skipped: a real library does not say why it refuses");
        library = CublasLtHandle.create(context);
    }

    @AfterEach
    void closeLibrary() {
        StandIn.failNone();
        if (library != null) {
            library.close();
        }
    }

    /** Something wrong with a product of 8 x 8 matrices of floats. */
    record Mistake(String reason, int status, Consumer<RawMatmul> change) {
        @Override
        public String toString() {
            return reason;
        }
    }

    static Stream<Mistake> mistakes() {
        int invalid = cublasLt.CUBLAS_STATUS_INVALID_VALUE;
        int unsupported = cublasLt.CUBLAS_STATUS_NOT_SUPPORTED;
        return Stream.of(
                new Mistake("the leading dimension of A is 7 but must be at least 8", invalid,
                        raw -> raw.layout(RawMatmul.A, cublasLt.CUBLASLT_MATRIX_LAYOUT_LD, 7L)),
                new Mistake("A has a batch of 2 but D one of 1", invalid,
                        raw -> raw.layout(RawMatmul.A, cublasLt.CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT, 2)),
                new Mistake("( 8 8 ) times ( 7 8 ) plus", invalid,
                        raw -> raw.layout(RawMatmul.B, cublasLt.CUBLASLT_MATRIX_LAYOUT_ROWS, 7L)),
                new Mistake("the results of a batch overlap", invalid, raw -> {
                    for (int matrix = 0; matrix < 4; matrix++) {
                        raw.layout(matrix, cublasLt.CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT, 2);
                    }
                }),
                new Mistake("no product of the types 0 14 0 0", unsupported,
                        raw -> raw.layout(RawMatmul.B, cublasLt.CUBLASLT_MATRIX_LAYOUT_TYPE, cublasLt.CUDA_R_16BF)),
                new Mistake("in compute type 70", unsupported,
                        raw -> raw.operation(cublasLt.CUBLASLT_MATMUL_DESC_COMPUTE_TYPE, cublasLt.CUBLAS_COMPUTE_64F)),
                new Mistake("the stand-in reads alpha on the host", unsupported,
                        raw -> raw.operation(cublasLt.CUBLASLT_MATMUL_DESC_POINTER_MODE,
                                cublasLt.CUBLASLT_POINTER_MODE_DEVICE)),
                new Mistake("no operation 9 for A", invalid,
                        raw -> raw.operation(cublasLt.CUBLASLT_MATMUL_DESC_TRANSA, 9)),
                new Mistake("no epilogue 3", invalid, raw -> raw.operation(cublasLt.CUBLASLT_MATMUL_DESC_EPILOGUE, 3)),
                new Mistake("is 64 but must be a multiple of 128", invalid,
                        raw -> raw.auxiliary(cublasLt.CUBLASLT_EPILOGUE_RELU_AUX, 64)),
                new Mistake("is 12 but must be a multiple of 8", invalid,
                        raw -> raw.auxiliary(cublasLt.CUBLASLT_EPILOGUE_DGELU, 12)),
                new Mistake("is 0 but must be a multiple of 8 and at least 8", invalid,
                        raw -> raw.operation(cublasLt.CUBLASLT_MATMUL_DESC_EPILOGUE,
                                cublasLt.CUBLASLT_EPILOGUE_GELU_AUX_BIAS)),
                new Mistake("the epilogue's vector is of type 1 but D of type 0", invalid, raw -> {
                    raw.operation(cublasLt.CUBLASLT_MATMUL_DESC_EPILOGUE, cublasLt.CUBLASLT_EPILOGUE_BIAS);
                    raw.operation(cublasLt.CUBLASLT_MATMUL_DESC_BIAS_DATA_TYPE, cublasLt.CUDA_R_64F);
                }));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aWrongDescriptorIsRefusedWithTheReason(Mistake mistake) {
        try (RawMatmul raw = new RawMatmul()) {
            assertEquals(cublasLt.CUBLAS_STATUS_SUCCESS, raw.heuristic());
            mistake.change.accept(raw);
            assertEquals(mistake.status, raw.heuristic());
            assertTrue(StandIn.message().contains(mistake.reason), StandIn.message());
        }
    }

    @Test
    void memoryThatDoesNotFitIsRefusedWithTheReason() {
        DeviceMemory memory = unwritten(4096);
        long a = memory.address();
        try (RawMatmul raw = new RawMatmul()) {
            assertEquals(cublasLt.CUBLAS_STATUS_SUCCESS, raw.multiply(a, a + 256, a + 512, stream));
            assertEquals(cublasLt.CUBLAS_STATUS_INVALID_VALUE, raw.multiply(a, a + 256, a + 128, stream));
            assertTrue(StandIn.message().endsWith("A and D overlap"), StandIn.message());
            assertEquals(cublasLt.CUBLAS_STATUS_INVALID_VALUE, raw.multiply(a + 2, a + 512, a + 1024, stream));
            assertTrue(StandIn.message().contains("but must be at a multiple of"), StandIn.message());
            assertEquals(cublasLt.CUBLAS_STATUS_INVALID_VALUE, raw.multiply(a, 0, a + 512, stream));
            assertTrue(StandIn.message().endsWith("B is null"), StandIn.message());
            raw.operation(cublasLt.CUBLASLT_MATMUL_DESC_EPILOGUE, cublasLt.CUBLASLT_EPILOGUE_BIAS);
            assertEquals(cublasLt.CUBLAS_STATUS_INVALID_VALUE, raw.multiply(a, a + 256, a + 512, stream));
            assertTrue(StandIn.message().endsWith("the epilogue's vector is null"), StandIn.message());
        }
    }

    @Test
    void matricesMayLieBetweenOneAnothersRows() {
        int rowStride = 64;
        MatmulSpec whole = MatmulSpec.of(MatmulShape.of(8, 8, 8), DataType.F32, ComputeType.STRICT_F32);
        double[] values = new double[8 * rowStride];
        Arrays.setAll(values, i -> i % 7);
        DeviceMemory memory = numbers(DataType.F32, values);
        try (RawMatmul raw = new RawMatmul()) {
            for (int matrix = 0; matrix < 4; matrix++) {
                raw.layout(matrix, cublasLt.CUBLASLT_MATRIX_LAYOUT_LD, (long) rowStride);
            }
            long start = memory.address();
            assertEquals(cublasLt.CUBLAS_STATUS_SUCCESS, raw.multiply(start, start + 32, start + 64, stream));
            double[] found = numbers(DataType.F32, memory);
            for (int row = 0; row < 8; row++) {
                for (int column = 0; column < 8; column++) {
                    double expected = 0;
                    for (int k = 0; k < 8; k++) {
                        expected += values[k * rowStride + row] * values[column * rowStride + 8 + k];
                    }
                    assertEquals(expected, found[column * rowStride + 16 + row], whole.toString());
                }
            }
        }
    }

    @Test
    void memoryThatIsNotThereIsFoundOutWhenTheProductRuns() {
        DeviceMemory memory = unwritten(1024);
        long freed;
        try (DeviceMemory other = pool.allocate(256, stream)) {
            freed = other.address();
        }
        try (RawMatmul raw = new RawMatmul()) {
            assertEquals(cublasLt.CUBLAS_STATUS_SUCCESS,
                    raw.multiply(memory.address(), memory.address() + 256, freed, stream));
            assertTrue(assertThrows(CudaException.class, stream::synchronize).isSticky());
            assertTrue(StandIn.message().startsWith("cublasLtMatmul touches memory that is not there: D at "),
                    StandIn.message());
            assertEquals(cublasLt.CUBLAS_STATUS_EXECUTION_FAILED,
                    raw.multiply(memory.address(), memory.address() + 256, memory.address() + 512, stream));
        }
    }

    @Test
    void whatWasCapturedDoesNotChangeWithTheDescriptor() {
        MatmulSpec spec = MatmulSpec.of(MatmulShape.of(1, 2, 1), DataType.F32, ComputeType.STRICT_F32)
                .with(Epilogue.BIAS);
        DeviceMemory d = unwritten(8);
        MatmulOperands operands = MatmulOperands.of(numbers(DataType.F32, 3), numbers(DataType.F32, 1, 2), d);
        MatmulOperands first = operands.withVector(numbers(DataType.F32, 10, 20));
        MatmulOperands second = operands.withVector(numbers(DataType.F32, -1, -2));
        StandIn.clearCallLog();
        try (MatmulPlan plan = MatmulPlan.create(library, spec, 0);
                CudaGraph graph = stream.capture(() -> plan.execute(stream, first, 2, 0, Workspace.NONE));
                ExecutableGraph executable = graph.instantiate()) {
            assertEquals(1, graph.nodes());
            plan.execute(stream, second, 1, 0, Workspace.NONE);
            assertArrayEquals(new double[] {2, 4}, numbers(DataType.F32, d));
            executable.launch(stream);
            assertArrayEquals(new double[] {16, 32}, numbers(DataType.F32, d));
        }
        List<String> calls = StandIn.callLog().stream().filter(call -> call.startsWith("cublasLtMatmul(")).toList();
        assertEquals(2, calls.size(), "replays make no calls");
    }

    @Test
    void algorithmsDifferInTheirLastBitsAndWants() {
        Random random = new Random(42);
        double[] a = random.doubles(33 * 257, -1, 1).toArray();
        DeviceMemory d = unwritten(SPEC.bytesOfD());
        MatmulOperands operands = MatmulOperands.of(numbers(DataType.F32, a),
                numbers(DataType.F32, random.doubles(257 * 31, -1, 1).toArray()), d);
        try (MatmulPlan plan = MatmulPlan.create(library, SPEC, WORKSPACE_BYTES);
                MatmulPlan frugal = MatmulPlan.create(library, SPEC, 0);
                MatmulPlan aligned = MatmulPlan.create(library,
                        MatmulSpec.of(MatmulShape.of(32, 32, 64), DataType.F32, ComputeType.STRICT_F32), 0)) {
            assertEquals(2, plan.algorithms().size());
            assertEquals(1, frugal.algorithms().size(), "one of them wants a workspace");
            assertEquals(2, aligned.algorithms().size(), "one wants rows that begin on 16 bytes");
            Workspace workspace = Workspace.of(unwritten(WORKSPACE_BYTES));
            plan.execute(stream, operands, 1, 0, workspace);
            double[] split = numbers(DataType.F32, d);
            plan.choose(plan.algorithms().getLast());
            plan.execute(stream, operands, 1, 0, workspace);
            double[] simple = numbers(DataType.F32, d);
            assertFalse(Arrays.equals(split, simple));
            Tolerance.of(Precision.FP32, 257).assertClose("D", split, simple);
        }
    }

    @Test
    void plansAreNotOfferedSumsInAnOrderThatIsNotTheirOwn() {
        MatmulSpec spec = MatmulSpec.of(MatmulShape.of(8, 8, 8), DataType.F32, ComputeType.STRICT_F32);
        try (RawMatmul raw = new RawMatmul(); MatmulPlan plan = MatmulPlan.create(library, spec, WORKSPACE_BYTES)) {
            assertEquals(4, raw.algorithms(WORKSPACE_BYTES), "with the one that adds in place");
            assertEquals(3, plan.algorithms().size());
        }
    }

    @Test
    void operandsAreRoundedAsTheComputeTypeSays() {
        double fine = 1 + 0x1p-11;
        assertEquals(fine, product(ComputeType.STRICT_F32, fine, 1));
        assertEquals(1, product(ComputeType.TF32, fine, 1), "half way, to the even one");
        assertEquals(1 + 0x1p-10, product(ComputeType.TF32, fine + 0x1p-23, 1));
        assertEquals(1 + 0x1p-9, product(ComputeType.TF32, 1, 1 + 3 * 0x1p-11), "half way, to the even one");
    }

    private double product(ComputeType compute, double a, double b) {
        MatmulSpec spec = MatmulSpec.of(MatmulShape.of(1, 1, 1), DataType.F32, compute);
        DeviceMemory d = unwritten(4);
        try (MatmulPlan plan = MatmulPlan.create(library, spec, 0)) {
            plan.execute(stream, MatmulOperands.of(numbers(DataType.F32, a), numbers(DataType.F32, b), d), 1, 0,
                    Workspace.NONE);
        }
        return numbers(DataType.F32, d)[0];
    }

    @ParameterizedTest
    @ValueSource(strings = {"cublasLtMatmulDescCreate", "cublasLtMatmulDescSetAttribute", "cublasLtMatrixLayoutCreate",
        "cublasLtMatrixLayoutSetAttribute", "cublasLtMatmulPreferenceCreate", "cublasLtMatmulPreferenceSetAttribute",
        "cublasLtMatmulAlgoGetHeuristic"})
    void aPlanThatCannotBeMadeLeavesNothingBehind(String function) {
        StandIn.failNext(function, cublasLt.CUBLAS_STATUS_ALLOC_FAILED, 0);
        CublasException failure = assertThrows(CublasException.class,
                () -> MatmulPlan.create(library, SPEC.with(Epilogue.RELU_MASK_BIAS), 0));
        assertEquals(function, failure.function());
        assertEquals(cublasLt.CUBLAS_STATUS_ALLOC_FAILED, failure.status());
        assertEquals(1, StandIn.liveObjectsByKind().get("cublasLtHandle"));
        MatmulPlan.create(library, SPEC.with(Epilogue.RELU_MASK_BIAS), 0).close();
    }

    @Test
    void whatIsAliveIsCounted() {
        try (MatmulPlan plan = MatmulPlan.create(library, SPEC, 0)) {
            assertEquals(plan.algorithms().getFirst(), plan.algorithm());
            assertEquals(3, StandIn.liveObjectsByKind().get("cublasLtMatrixLayout"));
            assertEquals(1, StandIn.liveObjectsByKind().get("cublasLtMatmulDesc"));
            assertEquals(1, StandIn.liveObjectsByKind().get("cublasLtMatmulPreference"));
        }
        assertFalse(StandIn.liveObjectsByKind().containsKey("cublasLtMatrixLayout"));
    }
}
