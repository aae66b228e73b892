package dev.culebra.runtime.cublaslt;

import java.util.Random;

import dev.culebra.runtime.DataType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** What the library would compute of the description it is given, by BLAS's rules, is the product that was meant. */
class ColumnMajorMatmulTest {
    private static final int M = 3;
    private static final int N = 5;
    private static final int K = 4;
    private static final int BATCH = 2;

    @ParameterizedTest
    @CsvSource({"false, false", "true, false", "false, true", "true, true"})
    void columnsOfTheLibraryAreOurRows(boolean transposeA, boolean transposeB) {
        MatrixLayout a = new MatrixLayout(DataType.F64, transposeA, (transposeA ? M : K) + 2, 100);
        MatrixLayout b = new MatrixLayout(DataType.F64, transposeB, (transposeB ? K : N) + 1, 50);
        MatrixLayout d = new MatrixLayout(DataType.F64, false, N + 3, 40);
        double[] memoryOfA = new Random(1).doubles(200).toArray();
        double[] memoryOfB = new Random(2).doubles(200).toArray();
        double[] expected = new double[80];
        for (int p = 0; p < BATCH; p++) {
            for (int i = 0; i < M; i++) {
                for (int j = 0; j < N; j++) {
                    double sum = 0;
                    for (int k = 0; k < K; k++) {
                        sum += element(memoryOfA, a, p, i, k) * element(memoryOfB, b, p, k, j);
                    }
                    expected[p * 40 + i * (N + 3) + j] = sum;
                }
            }
        }
        ColumnMajorMatmul matmul = ColumnMajorMatmul.of(new MatmulSpec(new MatmulShape(M, N, K, BATCH), a, b, d,
                ComputeType.F64, Epilogue.NONE));
        assertArrayEquals(expected, blas(matmul, memoryOfB, memoryOfA));
    }

    private static double element(double[] memory, MatrixLayout layout, int product, int row, int column) {
        long start = product * layout.batchStride();
        return memory[(int) (layout.transposed()
                ? start + column * layout.rowStride() + row
                : start + row * layout.rowStride() + column)];
    }

    /** The library's own loops over columns. */
    private static double[] blas(ColumnMajorMatmul matmul, double[] first, double[] second) {
        ColumnMajorMatmul.Operand d = matmul.result();
        double[] result = new double[80];
        long inner = matmul.first().transposed() ? matmul.first().rows() : matmul.first().columns();
        for (int p = 0; p < d.batch(); p++) {
            for (int i = 0; i < d.rows(); i++) {
                for (int j = 0; j < d.columns(); j++) {
                    double sum = 0;
                    for (int k = 0; k < inner; k++) {
                        sum += at(second, matmul.second(), p, k, j) * at(first, matmul.first(), p, i, k);
                    }
                    result[(int) (p * d.batchStride() + j * d.leadingDimension() + i)] = sum;
                }
            }
        }
        return result;
    }

    private static double at(double[] memory, ColumnMajorMatmul.Operand operand, int product, int row, int column) {
        long start = product * operand.batchStride();
        return memory[(int) (operand.transposed()
                ? start + row * operand.leadingDimension() + column
                : start + column * operand.leadingDimension() + row)];
    }

    /** The library's vectors go along its rows, our columns; with BGRADB along its columns, our rows. */
    @ParameterizedTest
    @CsvSource({"NONE, 0, 0, 0", "BIAS, 0, 0, 0", "RELU_MASK_BIAS, 0, 128, 384", "RELU_BIAS_GRADIENT, 5, 128, 384",
        "GELU_KEEP, 0, 8, 24", "GELU_BIAS_GRADIENT, 5, 8, 24", "SUM_OF_A, 3, 0, 0", "SUM_OF_B, 5, 0, 0"})
    void vectorsAndAuxiliaryMemoryFollowOneAnother(Epilogue epilogue, long vectorStride, long rowStride,
            long batchStride) {
        ColumnMajorMatmul matmul = ColumnMajorMatmul.of(
                MatmulSpec.of(new MatmulShape(M, N, K, BATCH), DataType.F32, ComputeType.F32).with(epilogue));
        assertEquals(vectorStride, matmul.vectorBatchStride());
        assertEquals(new ColumnMajorMatmul.AuxiliaryLayout(rowStride, batchStride), matmul.auxiliary());
    }
}
