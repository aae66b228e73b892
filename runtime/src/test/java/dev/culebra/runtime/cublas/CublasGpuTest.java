package dev.culebra.runtime.cublas;

import java.util.Arrays;
import java.util.Random;

import dev.culebra.bindings.NativeLibraries;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.OnGpu;
import dev.culebra.runtime.Precision;
import dev.culebra.runtime.Tolerance;
import dev.culebra.runtime.cublas.CublasHandle.GemmOperand;
import dev.culebra.runtime.cublas.CublasHandle.GemmShape;
import dev.culebra.runtime.driver.DeviceMemory;
import dev.culebra.runtime.driver.Stream;
import dev.culebra.testing.NvidiaLibraries;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertThrows;

/** The batched product of cuBLAS on a GPU, against its formula. */
class CublasGpuTest extends OnGpu {
    @BeforeAll
    static void load() {
        NvidiaLibraries.load(NativeLibraries.CUBLAS);
    }

    @ParameterizedTest
    @CsvSource({"false, false, 1, 7, 31", "true, false, 7, 31, 33", "false, true, 31, 33, 257",
        "true, true, 33, 257, 1"})
    void batchedProductsAreThoseOfTheFormula(boolean transposeA, boolean transposeB, int m, int n, int k) {
        int batch = 3;
        Random random = new Random(42);
        double[] a = gaussian(random, batch * m * k);
        double[] b = gaussian(random, batch * k * n);
        double[] c = gaussian(random, batch * m * n);
        double[] expected = new double[c.length];
        for (int p = 0; p < batch; p++) {
            for (int i = 0; i < m; i++) {
                for (int j = 0; j < n; j++) {
                    double sum = 0;
                    for (int l = 0; l < k; l++) {
                        sum += a[p * m * k + (transposeA ? i * k + l : l * m + i)]
                                * b[p * k * n + (transposeB ? l * n + j : j * k + l)];
                    }
                    int index = p * m * n + j * m + i;
                    expected[index] = 1.5 * sum - 0.5 * c[index];
                }
            }
        }
        DeviceMemory result = numbers(DataType.F32, c);
        try (CublasHandle library = CublasHandle.create(stream)) {
            library.gemm(new GemmShape(m, n, k, batch), 1.5f,
                    new GemmOperand(numbers(DataType.F32, a), transposeA, transposeA ? k : m, (long) m * k),
                    new GemmOperand(numbers(DataType.F32, b), transposeB, transposeB ? n : k, (long) k * n), -0.5f,
                    new GemmOperand(result, false, m, (long) m * n));
            Tolerance.of(Precision.FP32, k).ofSize(Math.sqrt(k)).assertClose("C", expected,
                    numbers(DataType.F32, result));
        }
    }

    @Test
    void misuseIsRefused() {
        Stream own = Stream.create(context);
        CublasHandle library = CublasHandle.create(own);
        assertThrows(IllegalStateException.class, own::close, "the handle needs it");
        GemmOperand square = new GemmOperand(unwritten(64), false, 4, 0);
        GemmOperand transposed = new GemmOperand(unwritten(64), true, 4, 0);
        assertThrows(IllegalArgumentException.class,
                () -> library.gemm(new GemmShape(4, 4, 4, 1), 1, square, square, 0, transposed));
        assertThrows(IllegalArgumentException.class,
                () -> library.gemm(new GemmShape(4, 4, 4, 2), 1, square, square, 0, square));
        assertThrows(IllegalArgumentException.class,
                () -> library.gemm(new GemmShape(4, 4, 5, 1), 1, square, square, 0, square));
        library.close();
        library.close();
        assertThrows(IllegalStateException.class,
                () -> library.gemm(new GemmShape(4, 4, 4, 1), 1, square, square, 0, square));
        own.close();
    }

    private static double[] gaussian(Random random, int elements) {
        double[] values = new double[elements];
        Arrays.setAll(values, i -> random.nextGaussian());
        return rounded(DataType.F32, values);
    }
}
