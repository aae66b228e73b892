package dev.culebra.runtime.cuda;

import java.util.Map;

import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.driver.Dim3;
import dev.culebra.runtime.driver.Launch;
import dev.culebra.runtime.driver.Module;
import dev.culebra.runtime.operation.AdamFactors;
import dev.culebra.runtime.operation.Optimizer;
import dev.culebra.runtime.operation.OptimizerSpec;

import static dev.culebra.runtime.driver.ParameterType.FLOAT;
import static dev.culebra.runtime.driver.ParameterType.LONG;
import static dev.culebra.runtime.driver.ParameterType.POINTER;

/** All parameters in one launch: {@code optimizer.cu}. */
final class CudaOptimizer extends CudaOperation implements Optimizer {
    private final OptimizerSpec spec;
    private final long elements;
    private final Launch launch;

    CudaOptimizer(CudaBackend backend, OptimizerSpec spec, long elements) {
        super(backend);
        this.spec = spec;
        this.elements = elements;
        Module module = backend.kernels().module("optimizer", Map.of());
        launch = (switch (spec) {
            case OptimizerSpec.Sgd _ -> module.kernel("descend", LONG, POINTER, POINTER, FLOAT, FLOAT, FLOAT);
            case OptimizerSpec.Momentum _ -> module.kernel("descend_with_momentum", LONG, POINTER, POINTER, POINTER,
                    FLOAT, FLOAT, FLOAT, FLOAT);
            case OptimizerSpec.Adam _,OptimizerSpec.AdamW _ -> module.kernel("adapt", LONG, POINTER, POINTER, POINTER,
                    FLOAT, FLOAT, FLOAT, FLOAT, FLOAT, FLOAT, FLOAT, FLOAT, FLOAT, FLOAT);
        }).launch(blocks(Math.max(elements, 1)), Dim3.of(THREADS));
    }

    @Override
    public OptimizerSpec spec() {
        return spec;
    }

    @Override
    public void update(Tensor parameters, Tensor gradients, Tensor state, double learningRate, long step,
            double gradientScale) {
        if (arguments.optimizer(spec, elements, parameters, gradients, state) || elements == 0) {
            return;
        }
        launch.set(0, elements).set(1, region(parameters)).set(2, region(gradients));
        float scale = (float) gradientScale;
        float rate = (float) learningRate;
        switch (spec) {
            case OptimizerSpec.Sgd sgd -> launch.set(3, scale).set(4, rate).set(5, (float) sgd.weightDecay());
            case OptimizerSpec.Momentum momentum -> launch.set(3, region(state)).set(4, scale).set(5, rate)
                    .set(6, (float) momentum.momentum()).set(7, (float) momentum.weightDecay());
            case OptimizerSpec.Adam adam -> adapt(state, scale, AdamFactors.of(adam, learningRate, step));
            case OptimizerSpec.AdamW adamW -> adapt(state, scale, AdamFactors.of(adamW, learningRate, step));
        }
        launch.launch(backend.stream());
        parameters.storage().markModified();
    }

    private void adapt(Tensor state, float scale, AdamFactors factors) {
        launch.set(3, region(state)).set(4, scale).set(5, factors.rate()).set(6, factors.decay())
                .set(7, factors.shrink()).set(8, factors.beta1()).set(9, factors.rest1()).set(10, factors.beta2())
                .set(11, factors.rest2()).set(12, factors.epsilon()).set(13, factors.inverseCorrection());
    }
}
