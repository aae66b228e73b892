package dev.culebra.runtime.cuda;

import java.util.Map;

import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.driver.DeviceRegion;
import dev.culebra.runtime.driver.Dim3;
import dev.culebra.runtime.driver.Launch;
import dev.culebra.runtime.operation.Dropout;
import dev.culebra.runtime.operation.DropoutSpec;

import static dev.culebra.runtime.driver.ParameterType.FLOAT;
import static dev.culebra.runtime.driver.ParameterType.INT;
import static dev.culebra.runtime.driver.ParameterType.LONG;
import static dev.culebra.runtime.driver.ParameterType.POINTER;

/** Dropout by masks that are computed, never stored: {@code dropout.cu}. */
final class CudaDropout extends CudaOperation implements Dropout {
    private static final int ELEMENTS_OF_THREAD = 4;

    private final DropoutSpec spec;
    private final Launch launch;

    CudaDropout(CudaBackend backend, DropoutSpec spec) {
        super(backend);
        this.spec = spec;
        launch = backend.kernels().module("dropout", Map.of("ACTIVATION", activation()))
                .kernel("dropout", INT, LONG, FLOAT, LONG, INT, POINTER, POINTER)
                .launch(allBlocks(Math.ceilDiv(spec.elements(), ELEMENTS_OF_THREAD)), Dim3.of(THREADS));
        launch.set(0, spec.elements()).set(1, spec.threshold())
                .set(2, spec.keptScale()).set(3, spec.seed()).set(4, spec.stream())
                .set(5, backend.stepNumber().cell());
    }

    @Override
    public DropoutSpec spec() {
        return spec;
    }

    @Override
    public void apply(Tensor x, long step) {
        if (arguments.dropout(spec, x)) {
            return;
        }
        apply(region(x), step);
    }

    /** The same on device memory of so many activations. */
    void apply(DeviceRegion x, long step) {
        backend.stepNumber().set(step);
        launch.set(6, x).launch(backend.stream());
    }
}
