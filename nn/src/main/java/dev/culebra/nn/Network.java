package dev.culebra.nn;

import java.util.ArrayList;
import java.util.List;

import dev.culebra.runtime.ActivationMemory;
import dev.culebra.runtime.Backend;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.OwnedParts;
import dev.culebra.runtime.Repetition;
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
    private final List<Pass> passes = new ArrayList<>();
    private boolean training;
    private long step;
    private int dropoutStreams;
    private long persistentBytes;

    /** An empty network on a backend, which must outlive it. */
    public Network(Backend backend) {
        this(backend, ParameterStore.learned(backend));
    }

    private Network(Backend backend, ParameterStore parameters) {
        this.backend = backend;
        this.parameters = own(parameters);
        this.memory = own(new ActivationMemory(backend::allocate));
    }

    /** An empty network that will never be trained: its parameters have no gradients. */
    static Network forInference(Backend backend) {
        return new Network(backend, ParameterStore.frozen(backend));
    }

    /** An empty network for layers of other sizes that have the parameters of {@code origin}, which must outlive it. */
    static Network sharing(Network origin) {
        return new Network(origin.backend, ParameterStore.sharing(origin.parameters));
    }

    /**
     * A pass that was planned: from its second run on it allocates no memory for activations, and a device that can
     * {@linkplain Backend#repeat records} it.
     */
    public final class Pass {
        private final boolean trains;
        private final Repetition repetition;

        private Pass(boolean trains, Runnable body, Runnable afterwards) {
            this.trains = trains;
            training = trains;
            ActivationMemory.Plan plan = memory.plan(body);
            repetition = backend.repeat(_ -> {
                memory.run(plan, body);
                afterwards.run();
            });
        }

        /**
         * Runs the pass; a device may not have done it yet when this returns.
         *
         * @param number that of the training step, from 0 on, which the dropout masks depend on
         */
        public void run(long number) {
            training = trains;
            step = number;
            repetition.run(number);
        }

        /** Frees what a device recorded, which needs all that the pass uses. The pass can be run again. */
        void forget() {
            repetition.forget();
        }
    }

    /** Plans a pass of forward and backward by running {@code body} once without computing anything. */
    public Pass training(Runnable body) {
        return training(body, () -> {});
    }

    /**
     * The same, with something that follows.
     *
     * @param afterwards uses no activations; it is not run for planning
     */
    Pass training(Runnable body, Runnable afterwards) {
        return plan(true, body, afterwards);
    }

    /** Plans a pass of forward alone, in which layers keep nothing and drop nothing out. */
    public Pass inference(Runnable body) {
        return plan(false, body, () -> {});
    }

    private Pass plan(boolean trains, Runnable body, Runnable afterwards) {
        // The memory of activations may be replaced by a larger one.
        passes.forEach(Pass::forget);
        Pass pass = new Pass(trains, body, afterwards);
        passes.add(pass);
        own((AutoCloseable) pass::forget);
        return pass;
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
        persistentBytes += tensor.bytes();
        return tensor;
    }

    /** How much memory the tensors have that live as long as this network, but for the parameters, in bytes. */
    long persistentBytes() {
        return persistentBytes;
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
