package dev.culebra.runtime.operation;

/**
 * A computation of fixed sizes, made by a {@link dev.culebra.runtime.Backend} from a specification: it owns its
 * descriptors, plans and workspace, so that a call costs nothing but the computation.
 *
 * <p>All operations share these rules. Tensors are contiguous and row-major; their shapes are checked on every call.
 * <em>Activations</em> (and their gradients) have the backend's {@code activationType}, <em>parameters</em> (and
 * theirs) its {@code parameterType}. A call of which one tensor {@linkplain dev.culebra.runtime.Tensor#isPlanned() is only
 * planned} checks the shapes and computes nothing: {@link Arguments} does both. One thread at a time.
 */
public interface Operation extends AutoCloseable {
    /** Frees what the operation owns; a second call does nothing. */
    @Override
    void close();
}
