package dev.culebra.tools.benchmarks.study;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.OwnedParts;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;

/** What is measured, with the operations and the tensors that it takes. It owns both; the backend outlives it. */
public abstract class OwnedTensors implements AutoCloseable {
    /** Where it computes. */
    protected final Backend backend;
    private final OwnedParts owned = new OwnedParts();

    /** Owns nothing yet. */
    protected OwnedTensors(Backend backend) {
        this.backend = backend;
    }

    /** Closes a part with this object, the latest first. */
    protected final <T extends AutoCloseable> T own(T part) {
        return owned.own(part);
    }

    /** A tensor that nobody has written to yet. */
    protected final Tensor allocated(DataType type, int... sizes) {
        Tensor tensor = backend.allocate(type, Shape.of(sizes));
        own(tensor.storage());
        return tensor;
    }

    @Override
    public void close() {
        owned.close();
    }
}
