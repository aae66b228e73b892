package dev.culebra.tools.benchmarks.peers.culebra;

import java.util.List;

import dev.culebra.experiments.study.OptimizerKind;
import dev.culebra.runtime.Backend;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.Optimizer;
import dev.culebra.runtime.operation.OptimizerSpec;
import dev.culebra.tools.benchmarks.peers.BlockParameters;
import dev.culebra.tools.benchmarks.peers.Conditions;
import dev.culebra.tools.benchmarks.study.StudyStep;

/** Adam on all parameters of a block of MiniGPT1, in one buffer. Each run is the next step; its result are the parameters. */
public final class CulebraAdam extends CulebraPeer {
    private final Optimizer operation;
    private final Tensor parameters;
    private final Tensor gradients;
    private final Tensor state;
    private final Tensor gradientScale;
    private long step;

    /** Owns the backend. */
    public CulebraAdam(Backend backend, Conditions conditions) {
        super(backend);
        BlockParameters block = new BlockParameters(conditions.sizes());
        OptimizerSpec spec = StudyStep.optimizerSpec(OptimizerKind.ADAM);
        int elements = block.elements();
        operation = own(backend.optimizer(spec, elements));
        parameters = parameters(block.values(), elements);
        gradients = parameters(block.gradients(), elements);
        state = parameters(new float[spec.stateSlots() * elements], spec.stateSlots(), elements);
        gradientScale = parameters(new float[] {1}, 1);
    }

    @Override
    void queue() {
        operation.prepare(StudyStep.LEARNING_RATE, ++step);
        operation.update(parameters, gradients, state, gradientScale);
    }

    @Override
    public List<double[]> result() {
        return List.of(parameters.toDoubles());
    }
}
