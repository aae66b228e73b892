package dev.culebra.runtime.cuda;

import java.lang.foreign.MemorySegment;
import java.util.Map;

import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.driver.DeviceMemory;
import dev.culebra.runtime.driver.Dim3;
import dev.culebra.runtime.driver.Kernel;
import dev.culebra.runtime.driver.Launch;
import dev.culebra.runtime.driver.Module;
import dev.culebra.runtime.operation.GradientNorm;

import static dev.culebra.runtime.driver.ParameterType.DOUBLE;
import static dev.culebra.runtime.driver.ParameterType.INT;
import static dev.culebra.runtime.driver.ParameterType.LONG;
import static dev.culebra.runtime.driver.ParameterType.POINTER;

/** The norm of all gradients: {@code gradient_norm.cu}. */
final class CudaGradientNorm extends CudaOperation implements GradientNorm {
    /** Of the sums that are left for the last block. */
    private static final int MOST_PARTS = 1024;
    private static final int SHARED_BYTES = THREADS / 32 * Double.BYTES;

    private final DeviceMemory partial;
    private final DeviceMemory total;
    private final Kernel sumOfSquares;
    private final Launch sumOfParts;
    private final Launch scaleToClip;

    CudaGradientNorm(CudaBackend backend) {
        super(backend);
        try {
            partial = workspace((long) MOST_PARTS * Double.BYTES);
            total = workspace(Double.BYTES);
            Module module = backend.kernels().module("gradient_norm", Map.of("THREADS", THREADS));
            sumOfSquares = module.kernel("sum_of_squares", LONG, POINTER, POINTER);
            sumOfParts = module.kernel("sum_of_parts", INT, POINTER, POINTER)
                    .launch(Dim3.of(1), Dim3.of(THREADS), SHARED_BYTES).set(1, partial).set(2, total);
            scaleToClip = module.kernel("scale_to_clip", POINTER, DOUBLE, DOUBLE, POINTER)
                    .launch(Dim3.of(1), Dim3.of(1))
                    .set(0, total).set(2, CLIP_EPSILON);
        } catch (Throwable failure) {
            closeAfter(failure);
            throw failure;
        }
    }

    @Override
    public double norm(Tensor gradients) {
        if (arguments.gradientNorm(gradients)) {
            return 0;
        }
        sumSquares(gradients);
        double[] sum = new double[1];
        total.read(MemorySegment.ofArray(sum), backend.stream());
        return Math.sqrt(sum[0]);
    }

    @Override
    public void clip(Tensor gradients, double clipNorm, Tensor scale) {
        if (arguments.clip(gradients, scale)) {
            return;
        }
        sumSquares(gradients);
        scaleToClip.set(1, clipNorm).set(3, region(scale)).launch(backend.stream());
    }

    private void sumSquares(Tensor gradients) {
        int parts = (int) Math.min(Math.ceilDiv(gradients.elements(), THREADS), MOST_PARTS);
        sumOfSquares.launch(Dim3.of(parts), Dim3.of(THREADS), SHARED_BYTES).set(0, gradients.elements())
                .set(1, region(gradients)).set(2, partial).launch(backend.stream());
        sumOfParts.set(0, parts).launch(backend.stream());
    }
}
