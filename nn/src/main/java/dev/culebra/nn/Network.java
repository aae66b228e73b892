package dev.culebra.nn;

import dev.culebra.runtime.ActivationMemory;
import dev.culebra.runtime.Backend;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.OwnedParts;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Tensor;

/**
 * What the layers of one model share: the backend, the parameters, the memory of activations, and the pass that runs.
 *
 * <p>Make it, construct layers on it, call {@link ParameterStore#allocate}; then plan {@linkplain #training training}
 * and {@linkplain #inference inference} passes and run them. It closes what its layers {@linkplain #own own}. The
 * backend is not owned. One thread at a time.
 */
public final class Network implements AutoCloseable {
    private final Backend backend;
    private final ParameterStore parameters;
    private final ActivationMemory memory;
    private final OwnedParts owned = new OwnedParts();
    private boolean training;
    private long step;
    private int dropoutStreams;

    /** An empty network on a backend, which must outlive it. */
    public Network(Backend backend) {
        this.backend = backend;
        this.parameters = own(new ParameterStore(backend));
        this.memory = own(new ActivationMemory(backend::allocate));
    }

    /** A pass that was planned: from its second run on it allocates no memory for activations. */
    public final class Pass {
        private final boolean trains;
        private final Runnable body;
        private final ActivationMemory.Plan plan;

        private Pass(boolean trains, Runnable body) {
            this.trains = trains;
            this.body = body;
            training = trains;
            this.plan = memory.plan(body);
        }

        /** Runs the pass as training step number {@code number}, from 0 on, which the dropout masks depend on. */
        public void run(long number) {
            training = trains;
            step = number;
            memory.run(plan, body);
        }
    }

    /** Plans a pass of forward and backward by running {@code body} once without computing anything. */
    public Pass training(Runnable body) {
        return new Pass(true, body);
    }

    /** Plans a pass of forward alone, in which layers keep nothing and drop nothing out. */
    public Pass inference(Runnable body) {
        return new Pass(false, body);
    }

    /** Where the layers' operations run. */
    public Backend backend() {
        return backend;
    }

    /** The parameters of all layers. */
    public ParameterStore parameters() {
        return parameters;
    }

    /** The memory that lasts for one pass. */
    public ActivationMemory memory() {
        return memory;
    }

    /** Whether the pass that runs is followed backwards. */
    public boolean isTraining() {
        return training;
    }

    /** The number of the training step that runs. */
    public long step() {
        return step;
    }

    /** Closes {@code resource} with this network, before everything that was owned earlier. */
    public <T extends AutoCloseable> T own(T resource) {
        return owned.own(resource);
    }

    /** A zeroed tensor of the activations' type that lives as long as this network. */
    Tensor persistentActivation(Shape shape) {
        return persistent(backend.activationType(), shape);
    }

    /** A zeroed tensor of the parameters' type that lives as long as this network. */
    Tensor persistentParameter(Shape shape) {
        return persistent(backend.parameterType(), shape);
    }

    /** A zeroed tensor of token ids that lives as long as this network. */
    Tensor persistentTokens(Shape shape) {
        return persistent(DataType.I32, shape);
    }

    private Tensor persistent(DataType type, Shape shape) {
        Tensor tensor = backend.allocate(type, shape);
        own(tensor.storage());
        return tensor;
    }

    /** A tensor of the activations' type, until {@link #free} or the end of the pass. */
    Tensor activation(Shape shape) {
        return memory.allocate(backend.activationType(), shape);
    }

    /** A tensor of the parameters' type, until {@link #free} or the end of the pass. */
    Tensor statistics(Shape shape) {
        return memory.allocate(backend.parameterType(), shape);
    }

    void free(Tensor tensor) {
        memory.free(tensor);
    }

    /** Gives back what only a backward pass would read. */
    void freeInInference(Tensor tensor) {
        if (!training) {
            memory.free(tensor);
        }
    }

    /** A number that no other dropout of this network has. */
    int nextDropoutStream() {
        return dropoutStreams++;
    }

    /** Frees everything that is owned, the newest first. */
    @Override
    public void close() {
        owned.close();
    }
}
