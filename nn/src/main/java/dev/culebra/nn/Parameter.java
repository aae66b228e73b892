package dev.culebra.nn;

import java.util.List;
import java.util.Optional;

import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.ParameterRegion;

/**
 * A parameter as a layer's operation takes it: one tensor, of which one or more regions have names.
 *
 * <p>It is declared before it has memory: {@link #value()} and {@link #gradient()} exist from
 * {@link ParameterStore#allocate} on.
 */
public final class Parameter {
    private final Shape shape;
    private final List<ParameterRegion> regions;
    private final Initializer initializer;
    private final boolean trainable;
    private Optional<Tensor> value = Optional.empty();
    private Optional<Tensor> gradient = Optional.empty();

    Parameter(Shape shape, List<ParameterRegion> regions, Initializer initializer, boolean trainable) {
        this.shape = shape;
        this.regions = List.copyOf(regions);
        this.initializer = initializer;
        this.trainable = trainable;
        for (ParameterRegion region : regions) {
            if (region.offset() < 0 || region.offset() + region.shape().elements() > shape.elements()) {
                throw new IllegalArgumentException(region + " lies outside a block " + shape);
            }
        }
    }

    /** The shape of {@link #value()}. */
    public Shape shape() {
        return shape;
    }

    /** The named regions, in the order of their declaration. */
    public List<ParameterRegion> regions() {
        return regions;
    }

    /** Whether training changes it. */
    public boolean trainable() {
        return trainable;
    }

    /** The value, in the backend's parameter type. */
    public Tensor value() {
        return value.orElseThrow(() -> new IllegalStateException(this + " has no memory yet: call allocate() first"));
    }

    /**
     * The gradient, of the value's shape and type.
     *
     * @throws IllegalStateException if the parameter is not trainable or has no memory yet
     */
    public Tensor gradient() {
        return gradient.orElseThrow(() -> new IllegalStateException(this + " has no gradient"));
    }

    Initializer initializer() {
        return initializer;
    }

    void bind(Tensor boundValue, Optional<Tensor> boundGradient) {
        value = Optional.of(boundValue);
        gradient = boundGradient;
    }

    @Override
    public String toString() {
        return regions.getFirst().name() + (regions.size() > 1 ? "…" : "") + shape;
    }
}
