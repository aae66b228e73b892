package dev.culebra.runtime.cuda;

import java.util.Map;

import dev.culebra.runtime.driver.DeviceMemory;
import dev.culebra.runtime.driver.DeviceRegion;
import dev.culebra.runtime.driver.Dim3;
import dev.culebra.runtime.driver.Launch;
import dev.culebra.runtime.driver.Module;

import static dev.culebra.runtime.driver.ParameterType.INT;
import static dev.culebra.runtime.driver.ParameterType.POINTER;

/** The sums of the columns of a matrix of activations, always in the same order: {@code column_sums.cu}. */
final class ColumnSums extends CudaOperation {
    /** Rows that one thread sums. */
    private static final int ROWS = 64;

    private final DeviceMemory partial;
    private final Launch sums;
    private final Launch sumsOfParts;

    ColumnSums(CudaBackend backend, int rows, int columns) {
        super(backend);
        int parts = Math.ceilDiv(rows, ROWS);
        try {
            partial = workspace((long) parts * columns * Float.BYTES);
            Module module = backend.kernels().module("column_sums", Map.of("ACTIVATION", activation(), "ROWS", ROWS));
            Dim3 block = Dim3.of(THREADS);
            sums = module.kernel("column_sums", INT, INT, POINTER, POINTER)
                    .launch(Dim3.of(Math.ceilDiv(columns, THREADS), parts), block).set(0, rows).set(1, columns)
                    .set(3, partial);
            sumsOfParts = module.kernel("column_sums_of_parts", INT, INT, POINTER, POINTER)
                    .launch(allBlocks(columns), block).set(0, parts).set(1, columns).set(2, partial);
        } catch (Throwable failure) {
            closeAfter(failure);
            throw failure;
        }
    }

    /** Overwrites {@code result}, (columns) of F32, with the sums of {@code matrix}, activations (rows, columns). */
    void sum(DeviceRegion matrix, DeviceRegion result) {
        sums.set(2, matrix).launch(backend.stream());
        sumsOfParts.set(3, result).launch(backend.stream());
    }
}
