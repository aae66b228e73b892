package dev.culebra.runtime.cuda;

import java.lang.foreign.MemorySegment;
import java.util.Map;

import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.driver.DeviceMemory;
import dev.culebra.runtime.driver.Dim3;
import dev.culebra.runtime.driver.Launch;
import dev.culebra.runtime.driver.Module;
import dev.culebra.runtime.operation.AdamFactors;
import dev.culebra.runtime.operation.Optimizer;
import dev.culebra.runtime.operation.OptimizerSpec;

import static dev.culebra.runtime.driver.ParameterType.LONG;
import static dev.culebra.runtime.driver.ParameterType.POINTER;

/** All parameters in one launch: {@code optimizer.cu}. The numbers of a step lie in device memory, for recorded updates. */
final class CudaOptimizer extends CudaOperation implements Optimizer {
    private final OptimizerSpec spec;
    private final long elements;
    private final DeviceMemory factors;
    private final Launch launch;

    CudaOptimizer(CudaBackend backend, OptimizerSpec spec, long elements) {
        super(backend);
        this.spec = spec;
        this.elements = elements;
        try {
            factors = workspace((long) factors(1, 1).length * Float.BYTES);
            Module module = backend.kernels().module("optimizer", Map.of());
            launch = (switch (spec) {
                case OptimizerSpec.Sgd _ -> module.kernel("descend", LONG, POINTER, POINTER, POINTER, POINTER);
                case OptimizerSpec.Momentum _ -> module.kernel("descend_with_momentum", LONG, POINTER, POINTER, POINTER,
                        POINTER, POINTER);
                case OptimizerSpec.Adam _,OptimizerSpec.AdamW _ -> module.kernel("adapt", LONG, POINTER, POINTER,
                        POINTER, POINTER, POINTER);
            }).launch(blocks(Math.max(elements, 1)), Dim3.of(THREADS)).set(0, elements).set(1, factors);
        } catch (Throwable failure) {
            closeAfter(failure);
            throw failure;
        }
    }

    /** What is the same for all parameters in a step, as {@code optimizer.cu} has it. */
    private float[] factors(double learningRate, long step) {
        float rate = (float) learningRate;
        return switch (spec) {
            case OptimizerSpec.Sgd sgd -> new float[] {rate, (float) sgd.weightDecay()};
            case OptimizerSpec.Momentum momentum ->
                new float[] {rate, (float) momentum.weightDecay(), (float) momentum.momentum()};
            case OptimizerSpec.Adam adam -> numbers(AdamFactors.of(adam, learningRate, step));
            case OptimizerSpec.AdamW adamW -> numbers(AdamFactors.of(adamW, learningRate, step));
        };
    }

    private static float[] numbers(AdamFactors f) {
        return new float[] {f.rate(), f.decay(), f.shrink(), f.beta1(), f.rest1(), f.beta2(), f.rest2(), f.epsilon(),
            f.inverseCorrection()};
    }

    @Override
    public OptimizerSpec spec() {
        return spec;
    }

    @Override
    public void prepare(double learningRate, long step) {
        backend.staging().write(MemorySegment.ofArray(factors(learningRate, step)), factors.slice(0, factors.bytes()));
    }

    @Override
    public void update(Tensor parameters, Tensor gradients, Tensor state, Tensor gradientScale) {
        if (arguments.optimizer(spec, elements, parameters, gradients, state, gradientScale) || elements == 0) {
            return;
        }
        launch.set(2, region(gradientScale)).set(3, region(parameters)).set(4, region(gradients));
        if (spec.stateSlots() > 0) {
            launch.set(5, region(state));
        }
        launch.launch(backend.stream());
        backend.markModified(parameters);
    }
}
