package dev.culebra.nn;

import java.util.List;
import java.util.OptionalDouble;

import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.GradientNorm;
import dev.culebra.runtime.operation.Optimizer;
import dev.culebra.runtime.operation.OptimizerSpec;

/**
 * Updates all learned parameters of a model at once, and owns the optimiser's state: as many values beside each
 * parameter as the update needs, in one buffer at the parameters' offsets.
 *
 * <p>It is freed with its model at the latest. One thread at a time.
 */
public final class ModelOptimizer implements AutoCloseable {
    private final ParameterStore parameters;
    private final LearningRateSchedule schedule;
    private final OptionalDouble clipNorm;
    private final Tensor state;
    private final Optimizer operation;
    private final GradientNorm gradientNorm;
    private final Tensor gradientScale;
    private long step;

    /**
     * An optimiser that has made no step.
     *
     * @param clipNorm the Euclidean norm to which all gradients together are clipped, if they are
     */
    public ModelOptimizer(LanguageModel model, OptimizerSpec spec, LearningRateSchedule schedule,
            OptionalDouble clipNorm) {
        this(model.network(), spec, schedule, clipNorm);
    }

    ModelOptimizer(Network network, OptimizerSpec spec, LearningRateSchedule schedule, OptionalDouble clipNorm) {
        if (clipNorm.isPresent() && !(clipNorm.getAsDouble() > 0)) {
            throw new IllegalArgumentException(
                    "gradients are clipped to a norm above 0, not " + clipNorm.getAsDouble());
        }
        this.parameters = network.parameters();
        int elements = Math.toIntExact(parameters.values().elements());
        this.schedule = schedule;
        this.clipNorm = clipNorm;
        this.operation = network.own(network.backend().optimizer(spec, elements));
        this.gradientNorm = network.own(network.backend().gradientNorm());
        this.state = network.persistentParameter(Shape.of(spec.stateSlots(), elements));
        this.gradientScale = network.persistentParameter(Shape.of(1));
        gradientScale.set(1);
    }

    /** Makes the next step with the gradients as they are. */
    public void update() {
        prepare();
        apply();
        advance();
    }

    /** Before each {@link #apply}: gives it the numbers of the next step. */
    void prepare() {
        operation.prepare(schedule.at(step), step + 1);
    }

    /** The part of the next step that a device can record. */
    void apply() {
        clipNorm.ifPresent(norm -> gradientNorm.clip(parameters.gradients(), norm, gradientScale));
        operation.update(parameters.values(), parameters.gradients(), state, gradientScale);
    }

    /** After each {@link #apply}: the step was made. */
    void advance() {
        step++;
    }

    /** Whether the norm of all learned weights is a finite number, which no NaN and no infinity among them leaves. */
    public boolean leavesFiniteWeights() {
        return Double.isFinite(gradientNorm.norm(parameters.values()));
    }

    /** How many steps were made: the number, from 0 on, of the next one. */
    public long step() {
        return step;
    }

    /** Continues after {@code steps} steps, whose state is to be written to {@link #state(String, NamedParameter)}. */
    public void resumeAt(long steps) {
        if (steps < 0) {
            throw new IllegalArgumentException("an optimiser cannot have made " + steps + " steps");
        }
        step = steps;
    }

    /** The learning rate of the next step. */
    public double learningRate() {
        return schedule.at(step);
    }

    /** Which update it makes. */
    public OptimizerSpec spec() {
        return operation.spec();
    }

    /** What it updates. */
    public ParameterStore parameters() {
        return parameters;
    }

    /** What the update keeps beside each parameter, under PyTorch's names, such as {@code exp_avg}. */
    public List<String> slots() {
        return switch (spec()) {
            case OptimizerSpec.Sgd _ -> List.of();
            case OptimizerSpec.Momentum _ -> List.of("momentum_buffer");
            case OptimizerSpec.Adam _,OptimizerSpec.AdamW _ -> List.of("exp_avg", "exp_avg_sq");
        };
    }

    /** A view of what is kept under the name {@code slot} beside a learned parameter, of the parameter's shape. */
    public Tensor state(String slot, NamedParameter parameter) {
        int index = slots().indexOf(slot);
        if (index < 0 || !parameter.trainable()) {
            throw new IllegalArgumentException("there is no " + slot + " of " + parameter.name());
        }
        return state.view(index * parameters.values().elements() + parameter.offset(), parameter.value().shape());
    }

    /** The memory of the state, in bytes. */
    long stateBytes() {
        return state.bytes();
    }

    /** Frees state and operations; a second call does nothing. */
    @Override
    public void close() {
        gradientScale.storage().close();
        state.storage().close();
        gradientNorm.close();
        operation.close();
    }
}
