package dev.culebra.runtime.cublaslt;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.culebra.bindings.NativeLibraries;
import dev.culebra.bindings.cublaslt.cublasLt;
import dev.culebra.runtime.DataType;
import dev.culebra.testing.NvidiaLibraries;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** Everything a description sets is read back from the library. The numbers are those of the vendor's documentation. */
class MatmulDescriptorsTest {
    private static final Map<Epilogue, Integer> EPILOGUES = Map.ofEntries(Map.entry(Epilogue.NONE, 1),
            Map.entry(Epilogue.RELU, 2), Map.entry(Epilogue.RELU_MASK, 130), Map.entry(Epilogue.BIAS, 4),
            Map.entry(Epilogue.RELU_BIAS, 6), Map.entry(Epilogue.RELU_MASK_BIAS, 134),
            Map.entry(Epilogue.RELU_GRADIENT, 136), Map.entry(Epilogue.RELU_BIAS_GRADIENT, 152),
            Map.entry(Epilogue.GELU, 32), Map.entry(Epilogue.GELU_KEEP, 160), Map.entry(Epilogue.GELU_BIAS, 36),
            Map.entry(Epilogue.GELU_KEEP_BIAS, 164), Map.entry(Epilogue.GELU_GRADIENT, 192),
            Map.entry(Epilogue.GELU_BIAS_GRADIENT, 208), Map.entry(Epilogue.SUM_OF_B, 256),
            Map.entry(Epilogue.SUM_OF_A, 512));
    private static final Map<DataType, Integer> TYPES = Map.of(DataType.F32, 0, DataType.F64, 1, DataType.BF16, 14);
    private static final Map<ComputeType, Integer> COMPUTE_TYPES = Map.of(ComputeType.F32, 68, ComputeType.STRICT_F32,
            69, ComputeType.TF32, 77, ComputeType.F64, 70);
    private static final MatmulShape SHAPE = new MatmulShape(7, 31, 33, 3);

    @BeforeAll
    static void load() {
        NvidiaLibraries.load(NativeLibraries.CUBLAS_LT);
    }

    @ParameterizedTest
    @EnumSource
    void everyEpilogueIsSetWithItsVectorAndAuxiliaryMemory(Epilogue epilogue) {
        MatmulSpec spec = MatmulSpec.of(SHAPE, DataType.BF16, ComputeType.F32).with(epilogue);
        try (MatmulDescriptors descriptors = MatmulDescriptors.create(spec, 0, 32)) {
            assertEquals(EPILOGUES.get(epilogue), getInt(descriptors, cublasLt.CUBLASLT_MATMUL_DESC_EPILOGUE));
            boolean hasVector = epilogue.vector() != Epilogue.Vector.NONE;
            assertEquals(hasVector ? 32 : 0, getLong(descriptors, cublasLt.CUBLASLT_MATMUL_DESC_BIAS_POINTER));
            assertEquals(hasVector ? 14 : -1, getInt(descriptors, cublasLt.CUBLASLT_MATMUL_DESC_BIAS_DATA_TYPE));
            long perProduct = switch (epilogue) {
                case RELU_BIAS_GRADIENT, GELU_BIAS_GRADIENT, SUM_OF_B -> 31;
                case SUM_OF_A -> 7;
                default -> 0;
            };
            assertEquals(perProduct, getLong(descriptors, cublasLt.CUBLASLT_MATMUL_DESC_BIAS_BATCH_STRIDE));
            long rowStride = switch (epilogue) {
                case RELU_MASK, RELU_MASK_BIAS, RELU_GRADIENT, RELU_BIAS_GRADIENT -> 128;
                case GELU_KEEP, GELU_KEEP_BIAS, GELU_GRADIENT, GELU_BIAS_GRADIENT -> 32;
                default -> 0;
            };
            assertEquals(rowStride == 0 ? 0 : 32,
                    getLong(descriptors, cublasLt.CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_POINTER));
            assertEquals(rowStride, getLong(descriptors, cublasLt.CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_LD));
            assertEquals(7 * rowStride, getLong(descriptors, cublasLt.CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_BATCH_STRIDE));
        }
    }

    static Stream<MatmulSpec> typesAndComputeTypes() {
        List<MatmulSpec> specs = new ArrayList<>();
        for (ComputeType compute : List.of(ComputeType.STRICT_F32, ComputeType.F32, ComputeType.TF32)) {
            specs.add(MatmulSpec.of(SHAPE, DataType.F32, compute));
        }
        for (ComputeType compute : List.of(ComputeType.STRICT_F32, ComputeType.F32)) {
            specs.add(MatmulSpec.of(SHAPE, DataType.BF16, compute));
            specs.add(MatmulSpec.of(SHAPE, DataType.BF16, compute).output(DataType.F32));
        }
        specs.add(MatmulSpec.of(SHAPE, DataType.F64, ComputeType.F64));
        return specs.stream();
    }

    @ParameterizedTest
    @MethodSource("typesAndComputeTypes")
    void everyTypeIsSet(MatmulSpec spec) {
        MatmulSpec biased = spec.with(Epilogue.BIAS);
        try (MatmulDescriptors descriptors = MatmulDescriptors.create(biased, 0, 16)) {
            assertEquals(COMPUTE_TYPES.get(spec.compute()),
                    getInt(descriptors, cublasLt.CUBLASLT_MATMUL_DESC_COMPUTE_TYPE));
            assertEquals(spec.compute() == ComputeType.F64 ? 1 : 0,
                    getInt(descriptors, cublasLt.CUBLASLT_MATMUL_DESC_SCALE_TYPE), "alpha and beta");
            assertEquals(cublasLt.CUBLASLT_POINTER_MODE_HOST,
                    getInt(descriptors, cublasLt.CUBLASLT_MATMUL_DESC_POINTER_MODE));
            int result = TYPES.get(spec.d().type());
            assertEquals(result, getInt(descriptors, cublasLt.CUBLASLT_MATMUL_DESC_BIAS_DATA_TYPE));
            assertEquals(TYPES.get(spec.b().type()),
                    layoutInt(descriptors.first(), cublasLt.CUBLASLT_MATRIX_LAYOUT_TYPE));
            assertEquals(TYPES.get(spec.a().type()),
                    layoutInt(descriptors.second(), cublasLt.CUBLASLT_MATRIX_LAYOUT_TYPE));
            assertEquals(result, layoutInt(descriptors.result(), cublasLt.CUBLASLT_MATRIX_LAYOUT_TYPE));
        }
    }

    @Test
    void layoutsAreThoseOfTheColumnMajorProduct() {
        MatmulSpec spec = new MatmulSpec(SHAPE, new MatrixLayout(DataType.F32, true, 40, 0),
                new MatrixLayout(DataType.F32, false, 32, 2000), new MatrixLayout(DataType.F32, false, 36, 300),
                ComputeType.TF32, Epilogue.NONE);
        try (MatmulDescriptors descriptors = MatmulDescriptors.create(spec, 0, 16)) {
            assertEquals(List.of(31L, 33L, 32L, 2000L), layout(descriptors.first()));
            assertEquals(List.of(7L, 33L, 40L, 0L), layout(descriptors.second()));
            assertEquals(List.of(31L, 7L, 36L, 300L), layout(descriptors.result()));
            for (MemorySegment each : List.of(descriptors.first(), descriptors.second(), descriptors.result())) {
                assertEquals(3, layoutInt(each, cublasLt.CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT));
                assertEquals(cublasLt.CUBLASLT_ORDER_COL, layoutInt(each, cublasLt.CUBLASLT_MATRIX_LAYOUT_ORDER));
            }
            assertEquals(cublasLt.CUBLAS_OP_N, getInt(descriptors, cublasLt.CUBLASLT_MATMUL_DESC_TRANSA));
            assertEquals(cublasLt.CUBLAS_OP_T, getInt(descriptors, cublasLt.CUBLASLT_MATMUL_DESC_TRANSB));
        }
    }

    @Test
    void preferencesAreTheLimitOfTheWorkspaceAndTheAlignment() {
        MatmulSpec spec = MatmulSpec.of(SHAPE, DataType.F32, ComputeType.F32);
        try (MatmulDescriptors descriptors = MatmulDescriptors.create(spec, 5L << 32, 64)) {
            assertEquals(5L << 32, preference(descriptors, cublasLt.CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, 8));
            for (int attribute : new int[] {cublasLt.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES,
                cublasLt.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES,
                cublasLt.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES,
                cublasLt.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES}) {
                assertEquals(64, preference(descriptors, attribute, 4));
            }
        }
    }

    @Test
    void vectorAndAuxiliaryMemoryAreMoved() {
        MatmulSpec spec = MatmulSpec.of(SHAPE, DataType.F32, ComputeType.F32).with(Epilogue.RELU_BIAS_GRADIENT);
        try (MatmulDescriptors descriptors = MatmulDescriptors.create(spec, 0, 256)) {
            descriptors.setVector(0x7f00_1234_5600L);
            descriptors.setAuxiliary(0x7f00_1234_5700L);
            assertEquals(0x7f00_1234_5600L, getLong(descriptors, cublasLt.CUBLASLT_MATMUL_DESC_BIAS_POINTER));
            assertEquals(0x7f00_1234_5700L, getLong(descriptors, cublasLt.CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_POINTER));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-256, Integer.MIN_VALUE, 0, 1, 2, 3, 24})
    void anAlignmentIsAPowerOfTwoAndAtLeastAnElement(int alignment) {
        MatmulSpec spec = MatmulSpec.of(SHAPE, DataType.BF16, ComputeType.F32).output(DataType.F32);
        assertEquals("an alignment is a power of two and at least the 4 bytes of an element, not " + alignment,
                assertThrows(IllegalArgumentException.class, () -> MatmulDescriptors.create(spec, 0, alignment))
                        .getMessage());
    }

    @Test
    void aWorkspaceIsNotNegative() {
        MatmulSpec spec = MatmulSpec.of(SHAPE, DataType.F32, ComputeType.F32);
        assertThrows(IllegalArgumentException.class, () -> MatmulDescriptors.create(spec, -1, 16));
    }

    @Test
    void afterClosingNothingIsSet() {
        MatmulSpec spec = MatmulSpec.of(SHAPE, DataType.F32, ComputeType.F32).with(Epilogue.BIAS);
        MatmulDescriptors descriptors = MatmulDescriptors.create(spec, 0, 16);
        descriptors.close();
        descriptors.close();
        assertEquals("MatmulDescriptors is closed",
                assertThrows(IllegalStateException.class, () -> descriptors.setVector(256)).getMessage());
        assertThrows(IllegalStateException.class, descriptors::handle);
    }

    private static int getInt(MatmulDescriptors descriptors, int attribute) {
        return (int) get(Integer.BYTES, (out, written) -> cublasLt.cublasLtMatmulDescGetAttribute(descriptors.handle(),
                attribute, out, Integer.BYTES, written));
    }

    private static long getLong(MatmulDescriptors descriptors, int attribute) {
        return get(Long.BYTES, (out, written) -> cublasLt.cublasLtMatmulDescGetAttribute(descriptors.handle(),
                attribute, out, Long.BYTES, written));
    }

    private static long preference(MatmulDescriptors descriptors, int attribute, int bytes) {
        return get(bytes, (out, written) -> cublasLt.cublasLtMatmulPreferenceGetAttribute(descriptors.preference(),
                attribute, out, bytes, written));
    }

    private static int layoutInt(MemorySegment layout, int attribute) {
        return (int) get(Integer.BYTES, (out, written) -> cublasLt.cublasLtMatrixLayoutGetAttribute(layout, attribute,
                out, Integer.BYTES, written));
    }

    /** Rows, columns, leading dimension and batch stride. */
    private static List<Long> layout(MemorySegment layout) {
        return Stream.of(cublasLt.CUBLASLT_MATRIX_LAYOUT_ROWS, cublasLt.CUBLASLT_MATRIX_LAYOUT_COLS,
                cublasLt.CUBLASLT_MATRIX_LAYOUT_LD, cublasLt.CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET)
                .map(attribute -> get(Long.BYTES, (out, written) -> cublasLt.cublasLtMatrixLayoutGetAttribute(layout,
                        attribute, out, Long.BYTES, written)))
                .toList();
    }

    /** A getter of the library. */
    @FunctionalInterface
    private interface Getter {
        int get(MemorySegment out, MemorySegment written);
    }

    private static long get(int bytes, Getter getter) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
            MemorySegment written = arena.allocate(ValueLayout.JAVA_LONG);
            assertEquals(cublasLt.CUBLAS_STATUS_SUCCESS, getter.get(out, written));
            assertEquals(bytes, written.get(ValueLayout.JAVA_LONG, 0));
            return bytes == Integer.BYTES ? out.get(ValueLayout.JAVA_INT, 0) : out.get(ValueLayout.JAVA_LONG, 0);
        }
    }
}
