package dev.culebra.runtime.cublaslt;

import dev.culebra.runtime.DataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** Which products there are, and how much memory they take. */
class MatmulSpecTest {
    private static final MatmulShape SHAPE = MatmulShape.of(7, 31, 33);
    private static final MatmulSpec PLAIN = MatmulSpec.of(SHAPE, DataType.F32, ComputeType.STRICT_F32);

    @Test
    void sizesArePositive() {
        assertEquals("m must be positive, but is 0",
                assertThrows(IllegalArgumentException.class, () -> MatmulShape.of(0, 1, 1)).getMessage());
        assertThrows(IllegalArgumentException.class, () -> MatmulShape.of(1, -1, 1));
        assertThrows(IllegalArgumentException.class, () -> MatmulShape.of(1, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> new MatmulShape(1, 1, 1, 0));
    }

    @ParameterizedTest
    @CsvSource({"F32, F32, F32, STRICT_F32, true", "F32, F32, F32, F32, true", "F32, F32, F32, TF32, true",
        "BF16, BF16, BF16, F32, true", "BF16, BF16, F32, F32, true", "BF16, BF16, BF16, STRICT_F32, true",
        "F64, F64, F64, F64, true", "BF16, BF16, BF16, TF32, false", "F32, F32, BF16, F32, false",
        "F32, BF16, F32, F32, false", "F32, F32, F32, F64, false", "F64, F64, F64, F32, false",
        "F64, F64, F32, F64, false", "I32, I32, I32, F32, false"})
    void onlyTypesThatGoTogetherAreMultiplied(DataType a, DataType b, DataType d, ComputeType compute,
            boolean supported) {
        if (supported) {
            assertEquals(d, spec(a, b, d, compute).d().type());
        } else {
            assertEquals("cuBLASLt has no product of " + a + " and " + b + " giving " + d + " computed in " + compute,
                    assertThrows(IllegalArgumentException.class, () -> spec(a, b, d, compute)).getMessage());
        }
    }

    private static MatmulSpec spec(DataType a, DataType b, DataType d, ComputeType compute) {
        return new MatmulSpec(SHAPE, MatrixLayout.contiguous(a, false, 7, 33),
                MatrixLayout.contiguous(b, false, 33, 31), MatrixLayout.contiguous(d, false, 7, 31), compute,
                Epilogue.NONE);
    }

    @Test
    void matricesDoNotOverlapThemselves() {
        assertEquals("the rows of A have 33 elements, but its rowStride is 32",
                refusal(new MatrixLayout(DataType.F32, false, 32, 0), SHAPE));
        assertEquals("the rows of A have 7 elements, but its rowStride is 6",
                refusal(new MatrixLayout(DataType.F32, true, 6, 0), SHAPE));
        MatmulShape batch = new MatmulShape(7, 31, 33, 2);
        assertEquals("the matrices of A extend over 273 elements, but its batchStride is 272",
                refusal(new MatrixLayout(DataType.F32, false, 40, 272), batch));
        assertEquals("the matrices of A extend over 273 elements, but its batchStride is -273",
                refusal(new MatrixLayout(DataType.F32, false, 40, -273), batch));
        assertDoesNotThrow(() -> withA(new MatrixLayout(DataType.F32, false, 40, 273), batch));
        assertDoesNotThrow(() -> withA(new MatrixLayout(DataType.F32, false, 40, 0), batch));
    }

    private static String refusal(MatrixLayout a, MatmulShape shape) {
        return assertThrows(IllegalArgumentException.class, () -> withA(a, shape)).getMessage();
    }

    private static MatmulSpec withA(MatrixLayout a, MatmulShape shape) {
        return new MatmulSpec(shape, a, PLAIN.b(), PLAIN.d(), ComputeType.F32, Epilogue.NONE);
    }

    @Test
    void theResultIsOnePerProductAndNotTransposed() {
        MatrixLayout transposed = MatrixLayout.contiguous(DataType.F32, true, 7, 31);
        assertThrows(IllegalArgumentException.class, () -> withD(transposed, SHAPE));
        MatrixLayout shared = new MatrixLayout(DataType.F32, false, 31, 0);
        assertDoesNotThrow(() -> withD(shared, SHAPE));
        assertEquals("the products of a batch cannot share one D", assertThrows(IllegalArgumentException.class,
                () -> withD(shared, new MatmulShape(7, 31, 33, 2))).getMessage());
    }

    private static MatmulSpec withD(MatrixLayout d, MatmulShape shape) {
        return new MatmulSpec(shape, PLAIN.a(), PLAIN.b(), d, ComputeType.F32, Epilogue.NONE);
    }

    @Test
    void sizesThatOverflowDoNotPassForSmallOnes() {
        MatmulShape huge = MatmulShape.of(Integer.MAX_VALUE, 1, Integer.MAX_VALUE);
        assertEquals("A is larger than any memory", assertThrows(IllegalArgumentException.class,
                () -> MatmulSpec.of(huge, DataType.F32, ComputeType.F32)).getMessage());
        assertEquals("A is larger than any memory",
                refusal(new MatrixLayout(DataType.F32, false, Long.MAX_VALUE / 2, 0), SHAPE));
        assertEquals("A is larger than any memory",
                refusal(new MatrixLayout(DataType.F32, false, 33, Long.MAX_VALUE / 2), new MatmulShape(7, 31, 33, 4)));
    }

    @Test
    void bytesAreCountedFromTheFirstToTheLastElement() {
        assertEquals(7 * 33 * 4, PLAIN.bytesOfA());
        assertEquals(33 * 31 * 4, PLAIN.bytesOfB());
        assertEquals(7 * 31 * 4, PLAIN.bytesOfD());
        assertEquals(7 * 33 * 4, PLAIN.transposeA().bytesOfA());
        MatmulShape batch = new MatmulShape(7, 31, 33, 3);
        assertEquals((2 * 300 + 6 * 40 + 33) * 4,
                withA(new MatrixLayout(DataType.F32, false, 40, 300), batch).bytesOfA());
        assertEquals((32 * 40 + 7) * 4, withA(new MatrixLayout(DataType.F32, true, 40, 0), batch).bytesOfA());
        MatmulSpec mixed = MatmulSpec.of(SHAPE, DataType.BF16, ComputeType.F32).output(DataType.F32);
        assertEquals(7 * 33 * 2, mixed.bytesOfA());
        assertEquals(7 * 31 * 4, mixed.bytesOfD());
    }

    @Test
    void transposingChangesHowAMatrixIsStoredAlone() {
        MatmulSpec both = PLAIN.transposeA().transposeB();
        assertEquals(new MatrixLayout(DataType.F32, true, 7, 7 * 33), both.a());
        assertEquals(new MatrixLayout(DataType.F32, true, 33, 33 * 31), both.b());
        assertEquals(PLAIN.d(), both.d());
        assertEquals(SHAPE, both.shape());
    }

    @ParameterizedTest
    @CsvSource({"NONE, 0", "RELU_MASK, 0", "BIAS, 31", "GELU_KEEP_BIAS, 31", "RELU_BIAS_GRADIENT, 62",
        "GELU_BIAS_GRADIENT, 62", "SUM_OF_B, 62", "SUM_OF_A, 14"})
    void theVectorOfTheEpilogueIsAsLongAsItsAxis(Epilogue epilogue, long elements) {
        MatmulSpec spec = MatmulSpec.of(new MatmulShape(7, 31, 33, 2), DataType.F32, ComputeType.F32).with(epilogue);
        assertEquals(elements, spec.vectorElements());
    }

    /** cublasLt.h: a mask's leading dimension is a multiple of 128 (bits), a pre-activation's of 8 (elements). */
    @ParameterizedTest
    @CsvSource({"RELU, 31, F32, 0, 0", "RELU_MASK, 1, F32, 128, 224", "RELU_MASK, 128, BF16, 128, 224",
        "RELU_GRADIENT, 129, F32, 256, 448", "RELU_BIAS_GRADIENT, 257, F32, 384, 672", "GELU_KEEP, 31, F32, 32, 1792",
        "GELU_KEEP_BIAS, 33, BF16, 40, 1120", "GELU_GRADIENT, 8, F32, 8, 448", "GELU_BIAS_GRADIENT, 1, BF16, 8, 224"})
    void theRowsOfTheAuxiliaryMemoryArePadded(Epilogue epilogue, int n, DataType type, long rowStride, long bytes) {
        MatmulSpec spec = MatmulSpec.of(new MatmulShape(7, n, 33, 2), type, ComputeType.F32).with(epilogue);
        assertEquals(rowStride, spec.auxiliaryRowStride());
        assertEquals(bytes, spec.auxiliaryBytes());
    }

    @Test
    void anAuxiliaryMemoryThatOverflowsIsRefused() {
        MatmulShape tall = new MatmulShape(Integer.MAX_VALUE, 1, 1, Integer.MAX_VALUE);
        MatmulSpec spec = new MatmulSpec(tall, new MatrixLayout(DataType.BF16, false, 1, 0),
                new MatrixLayout(DataType.BF16, false, 1, 0),
                new MatrixLayout(DataType.BF16, false, 1, Integer.MAX_VALUE),
                ComputeType.F32, Epilogue.RELU_MASK);
        assertThrows(ArithmeticException.class, spec::auxiliaryBytes);
    }
}
