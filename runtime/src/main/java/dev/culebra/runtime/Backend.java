package dev.culebra.runtime;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

import dev.culebra.runtime.operation.Attention;
import dev.culebra.runtime.operation.AttentionSpec;
import dev.culebra.runtime.operation.CachedAttention;
import dev.culebra.runtime.operation.CachedAttentionSpec;
import dev.culebra.runtime.operation.Dropout;
import dev.culebra.runtime.operation.DropoutSpec;
import dev.culebra.runtime.operation.Elementwise;
import dev.culebra.runtime.operation.Embedding;
import dev.culebra.runtime.operation.EmbeddingSpec;
import dev.culebra.runtime.operation.GradientNorm;
import dev.culebra.runtime.operation.LayerNorm;
import dev.culebra.runtime.operation.LayerNormSpec;
import dev.culebra.runtime.operation.Linear;
import dev.culebra.runtime.operation.LinearCrossEntropy;
import dev.culebra.runtime.operation.LinearCrossEntropySpec;
import dev.culebra.runtime.operation.LinearSpec;
import dev.culebra.runtime.operation.LossHistory;
import dev.culebra.runtime.operation.LossHistorySpec;
import dev.culebra.runtime.operation.Lstm;
import dev.culebra.runtime.operation.LstmSpec;
import dev.culebra.runtime.operation.Optimizer;
import dev.culebra.runtime.operation.OptimizerSpec;

/**
 * Where tensors live and operations run.
 *
 * <p>A backend turns a specification into an {@linkplain dev.culebra.runtime.operation.Operation operation} of fixed
 * sizes. Close the operations and storages made by a backend before the backend. One thread at a time.
 */
public interface Backend extends AutoCloseable {
    /** As on the command line: {@code reference}, {@code cpu}, {@code cuda:0}. */
    String name();

    /** One line for people: library, version, threads or device. */
    String description();

    /** Versions of the native libraries that this backend computes with, by their names; of those that tell it. */
    default Map<String, String> libraryVersions() {
        return Map.of();
    }

    /** In which arithmetic this backend computes. */
    Precision precision();

    /** The type of activations and their gradients. */
    default DataType activationType() {
        return precision().activationType();
    }

    /** The type of parameters, their gradients and the optimiser's state. */
    default DataType parameterType() {
        return precision().parameterType();
    }

    /**
     * Zeroed memory that the caller owns.
     *
     * @throws OutOfMemoryError with what was asked for and what would help
     */
    Storage allocate(long bytes);

    /** A zeroed tensor in storage of its own; close that with {@code tensor.storage().close()}. */
    default Tensor allocate(DataType type, Shape shape) {
        return new Tensor(allocate(shape.elements() * type.bytes()), 0, type, shape);
    }

    /** y = activation(x Wᵀ + b). */
    Linear linear(LinearSpec spec);

    /** Layer normalisation, with the residual sum before it. */
    LayerNorm layerNorm(LayerNormSpec spec);

    /** Causal multi-head attention. */
    Attention attention(AttentionSpec spec);

    /** Causal multi-head attention that goes on from the keys and values of earlier positions. */
    CachedAttention cachedAttention(CachedAttentionSpec spec);

    /** A stack of LSTM layers. */
    Lstm lstm(LstmSpec spec);

    /** Token and position embedding. */
    Embedding embedding(EmbeddingSpec spec);

    /** The tied classifier with its loss. */
    LinearCrossEntropy linearCrossEntropy(LinearCrossEntropySpec spec);

    /** Dropout. */
    Dropout dropout(DropoutSpec spec);

    /** An optimiser for {@code elements} parameters. */
    Optimizer optimizer(OptimizerSpec spec, long elements);

    /** The norm of all gradients. */
    GradientNorm gradientNorm();

    /** Sums, head splitting, conversion. */
    Elementwise elementwise();

    /** The losses of the latest steps. */
    LossHistory lossHistory(LossHistorySpec spec);

    /**
     * Prepares work that will be done again and again. A device that can records it when it is done for the second time, and
     * from then on has it done by one launch, without running {@code work} again; other backends run it each time.
     *
     * @param work calls operations of this backend, which waits for nothing, reads nothing back, allocates nothing and, but
     *     for the number of the step and for what it finds in the tensors, is always the same
     */
    default Repetition repeat(LongConsumer work) {
        return new Repetition() {
            @Override
            public void run(long step) {
                work.accept(step);
            }

            @Override
            public void forget() {}
        };
    }

    /**
     * How much memory the operations of this backend have beside the tensors that they are given, in bytes: workspaces, and
     * copies of weights in another layout or type. What native libraries keep for themselves is not known.
     */
    long workspaceBytes();

    /**
     * How many bytes can still be taken where {@link #allocate} takes them, of the device or of the machine. Others may take them
     * first; nothing where it is not known, as of Java's heap, where it depends on what is garbage.
     */
    default OptionalLong availableBytes() {
        return OptionalLong.empty();
    }

    /**
     * The memory of the device that this process has; nothing where the device is the host. Unlike everything else here, any
     * thread may ask.
     */
    default Optional<DeviceMemoryUse> deviceMemory() {
        return Optional.empty();
    }

    /**
     * What this backend chose by measuring, such as the fastest of several algorithms: texts by keys that nobody else need
     * understand. Another choice may compute other bits: a run that keeps these with its state, and hands them to
     * {@link #adopt} when it goes on, computes the same. Empty where nothing is chosen so.
     */
    default Map<String, String> choices() {
        return Map.of();
    }

    /**
     * Makes the choices of an earlier run this backend's own, for operations made from now on. A choice that no longer holds,
     * as on another device or after an update of a library, is made anew.
     *
     * @param choices what {@link #choices} gave then
     */
    default void adopt(Map<String, String> choices) {}

    /** Waits until everything asked for is done. */
    void synchronize();

    /** Measures the time that this backend's work takes; the caller closes it. */
    default Stopwatch stopwatch() {
        return new HostStopwatch(this);
    }

    /** Frees what the backend owns; a second call does nothing. */
    @Override
    void close();
}
