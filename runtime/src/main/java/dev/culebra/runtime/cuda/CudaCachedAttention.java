package dev.culebra.runtime.cuda;

import java.util.Map;

import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.driver.Dim3;
import dev.culebra.runtime.driver.Launch;
import dev.culebra.runtime.operation.CachedAttention;
import dev.culebra.runtime.operation.CachedAttentionSpec;

import static dev.culebra.runtime.driver.ParameterType.FLOAT;
import static dev.culebra.runtime.driver.ParameterType.INT;
import static dev.culebra.runtime.driver.ParameterType.POINTER;

/** Causal attention with kept keys and values: {@code cached_attention.cu}. */
final class CudaCachedAttention extends CudaOperation implements CachedAttention {
    private static final int WARPS = 8;

    private final CachedAttentionSpec spec;
    private final Launch launch;

    CudaCachedAttention(CudaBackend backend, CachedAttentionSpec spec) {
        super(backend);
        this.spec = spec;
        int sharedBytes = Math.multiplyExact(WARPS * Float.BYTES, spec.headSize() + 2);
        launch = backend.kernels()
                .module("cached_attention",
                        Map.of("ACTIVATION", activation(), "HEAD", spec.headSize(), "WARPS", WARPS))
                .kernel("cached_attention", INT, INT, INT, FLOAT, POINTER, POINTER, POINTER, POINTER)
                .launch(new Dim3(spec.newPositions(), spec.heads(), spec.batch()), Dim3.of(32 * WARPS), sharedBytes)
                .set(0, spec.newPositions()).set(1, spec.capacity()).set(2, spec.heads())
                .set(3, (float) spec.scale());
    }

    @Override
    public CachedAttentionSpec spec() {
        return spec;
    }

    @Override
    public void forward(Tensor queriesKeysValues, Tensor position, Tensor keysValues, Tensor output) {
        if (arguments.cachedAttention(spec, queriesKeysValues, position, keysValues, output)) {
            return;
        }
        launch.set(4, region(queriesKeysValues)).set(5, region(position)).set(6, region(keysValues))
                .set(7, region(output)).launch(backend.stream());
    }
}
