package dev.culebra.runtime.cuda;

import java.lang.foreign.MemorySegment;
import java.util.Map;

import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.driver.DeviceMemory;
import dev.culebra.runtime.driver.Dim3;
import dev.culebra.runtime.driver.Launch;
import dev.culebra.runtime.operation.LossHistory;
import dev.culebra.runtime.operation.LossHistorySpec;

import static dev.culebra.runtime.driver.ParameterType.INT;
import static dev.culebra.runtime.driver.ParameterType.POINTER;

/** The losses of the latest steps, on the device: {@code loss_history.cu}. */
final class CudaLossHistory extends CudaOperation implements LossHistory {
    private final LossHistorySpec spec;
    private final DeviceMemory history; // (capacity, B) of double
    private final Launch launch;

    CudaLossHistory(CudaBackend backend, LossHistorySpec spec) {
        super(backend);
        this.spec = spec;
        try {
            history = workspace((long) spec.capacity() * spec.sequences() * Double.BYTES);
            launch = backend.kernels().module("loss_history", Map.of("THREADS", THREADS))
                    .kernel("record_losses", INT, INT, POINTER, POINTER, POINTER)
                    .launch(Dim3.of(spec.sequences()), Dim3.of(THREADS), THREADS / 32 * Double.BYTES)
                    .set(0, spec.sequenceLength()).set(1, spec.capacity()).set(2, backend.stepNumber().cell())
                    .set(4, history);
        } catch (Throwable failure) {
            closeAfter(failure);
            throw failure;
        }
    }

    @Override
    public LossHistorySpec spec() {
        return spec;
    }

    @Override
    public void record(Tensor nll, long step) {
        if (arguments.lossHistory(spec, nll)) {
            return;
        }
        backend.stepNumber().set(step);
        launch.set(3, region(nll)).launch(backend.stream());
    }

    @Override
    public double[] read(long first, int count) {
        double[] kept = new double[spec.capacity() * spec.sequences()];
        history.read(MemorySegment.ofArray(kept), backend.stream());
        return spec.inOrder(kept, first, count);
    }
}
