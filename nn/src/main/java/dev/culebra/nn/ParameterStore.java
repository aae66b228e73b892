package dev.culebra.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

import dev.culebra.runtime.Backend;
import dev.culebra.runtime.DataType;
import dev.culebra.runtime.Shape;
import dev.culebra.runtime.Storage;
import dev.culebra.runtime.Tensor;
import dev.culebra.runtime.operation.ParameterRegion;

/**
 * All parameters of a model in three buffers: learned values, their gradients at the same offsets, and frozen values.
 *
 * <p>So one launch updates all parameters, one collective reduces all gradients, and the backend's packed copies of
 * frozen weights stay valid. Every parameter starts at a multiple of 64 bytes; the padding between them is zero and
 * stays zero, since its gradient is. Layers declare in their constructors, then {@link #allocate} is called once.
 */
public final class ParameterStore implements AutoCloseable {
    private static final int ALIGNMENT = 64;
    private static final int PIECE = 1 << 16;
    private static final int PIECES_AT_ONCE = 64;

    private final Backend backend;
    private final DataType type;
    private final boolean learns;
    private final Optional<ParameterStore> origin;
    private final List<Parameter> declared = new ArrayList<>();
    private final List<Storage> storages = new ArrayList<>();
    private final Map<String, NamedParameter> named = new LinkedHashMap<>();
    private Optional<Tensor> values = Optional.empty();
    private Optional<Tensor> gradients = Optional.empty();

    private ParameterStore(Backend backend, boolean learns, Optional<ParameterStore> origin) {
        this.backend = backend;
        this.type = backend.parameterType();
        this.learns = learns;
        this.origin = origin;
    }

    /** A store in which what is declared trainable is learned. */
    static ParameterStore learned(Backend backend) {
        return new ParameterStore(backend, true, Optional.empty());
    }

    /** A store in which nothing is learned, whatever layers declare: there are no gradients. */
    static ParameterStore frozen(Backend backend) {
        return new ParameterStore(backend, false, Optional.empty());
    }

    /** The parameters of {@code origin} for other layers, which declare what was declared there; they stay that one's. */
    static ParameterStore sharing(ParameterStore origin) {
        return new ParameterStore(origin.backend, origin.learns, Optional.of(origin));
    }

    /** Declares a parameter that is one named tensor. */
    public Parameter declare(String name, Shape shape, Initializer initializer, boolean trainable) {
        return declare(shape, List.of(new ParameterRegion(name, shape, 0)), initializer, trainable);
    }

    /**
     * Declares a block of which only the regions have names; what lies between them stays zero.
     *
     * @param shape the block as the layer's operation takes it
     * @param regions where the named tensors lie in it, without overlap
     */
    public Parameter declare(Shape shape, List<ParameterRegion> regions, Initializer initializer, boolean trainable) {
        if (origin.isPresent()) {
            return origin.get().declared(shape, regions);
        }
        if (values.isPresent()) {
            throw new IllegalStateException("parameters are declared before they get memory");
        }
        Parameter parameter = new Parameter(shape, regions, initializer, trainable && learns);
        declared.add(parameter);
        return parameter;
    }

    private Parameter declared(Shape shape, List<ParameterRegion> regions) {
        return declared.stream().filter(p -> p.shape().equals(shape) && p.regions().equals(regions)).findAny()
                .orElseThrow(() -> new IllegalArgumentException(regions.getFirst().name() + shape
                        + " is no parameter of the layers that this one shares them with"));
    }

    /**
     * Gives all declared parameters zeroed memory.
     *
     * @throws IllegalArgumentException if two tensors have one name
     */
    public void allocate() {
        if (values.isPresent()) {
            throw new IllegalStateException("the parameters have their memory already");
        }
        Tensor learnedValues = allocate(extent(true));
        Tensor learnedGradients = allocate(extent(true));
        Tensor frozenValues = allocate(extent(false));
        long learned = 0;
        long frozen = 0;
        for (Parameter parameter : declared) {
            if (parameter.trainable()) {
                bind(parameter, learnedValues, Optional.of(learnedGradients), learned);
                learned += aligned(parameter);
            } else {
                bind(parameter, frozenValues, Optional.empty(), frozen);
                frozen += aligned(parameter);
            }
        }
        values = Optional.of(learnedValues);
        gradients = Optional.of(learnedGradients);
    }

    /**
     * Sets every parameter to its initial value under {@code seed}. Element i of a tensor comes from the random stream
     * {@code {name}/{i / 65536}}, so that large tensors are drawn on all cores.
     */
    public void initialize(long seed) {
        for (Parameter parameter : declared) {
            for (ParameterRegion region : parameter.regions()) {
                fill(region.name(), parameter.value().view(region.offset(), region.shape()), parameter.initializer(),
                        seed);
            }
        }
    }

    /** The learned values, padding included, (n). */
    public Tensor values() {
        return values.orElseThrow(() -> new IllegalStateException("the parameters have no memory yet"));
    }

    /** The gradients at the offsets of their values, (n). */
    public Tensor gradients() {
        return gradients.orElseThrow(() -> new IllegalStateException("the parameters have no memory yet"));
    }

    /** Every named tensor, in the order of declaration. */
    public Collection<NamedParameter> named() {
        return Collections.unmodifiableCollection(named.values());
    }

    /**
     * The tensor of that name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public NamedParameter named(String name) {
        NamedParameter parameter = named.get(name);
        if (parameter == null) {
            throw new IllegalArgumentException("no parameter is called " + name + "; there are " + named.keySet());
        }
        return parameter;
    }

    /** The memory of all parameters, learned and frozen, without their gradients, in bytes. */
    long valueBytes() {
        return storages.stream().mapToLong(Storage::bytes).sum() - gradients().bytes();
    }

    /** How many numbers are learned, padding not counted. */
    public long learnedElements() {
        return named.values().stream().filter(NamedParameter::trainable).mapToLong(p -> p.value().elements()).sum();
    }

    /** Frees the buffers. */
    @Override
    public void close() {
        storages.forEach(Storage::close);
        storages.clear();
    }

    private Tensor allocate(long elements) {
        Tensor tensor = backend.allocate(type, Shape.of(Math.toIntExact(elements)));
        storages.add(tensor.storage());
        return tensor;
    }

    private void bind(Parameter parameter, Tensor allValues, Optional<Tensor> allGradients, long offset) {
        parameter.bind(allValues.view(offset, parameter.shape()),
                allGradients.map(all -> all.view(offset, parameter.shape())));
        for (ParameterRegion region : parameter.regions()) {
            long start = offset + region.offset();
            NamedParameter view = new NamedParameter(region.name(), allValues.view(start, region.shape()),
                    allGradients.map(all -> all.view(start, region.shape())), start);
            if (named.put(region.name(), view) != null) {
                throw new IllegalArgumentException("two parameters are called " + region.name());
            }
        }
    }

    private long extent(boolean trainable) {
        return declared.stream().filter(p -> p.trainable() == trainable).mapToLong(this::aligned).sum();
    }

    private long aligned(Parameter parameter) {
        int unit = ALIGNMENT / type.bytes();
        return Math.ceilDiv(parameter.shape().elements(), unit) * unit;
    }

    private static void fill(String name, Tensor tensor, Initializer initializer, long seed) {
        int pieces = Math.toIntExact(Math.ceilDiv(tensor.elements(), PIECE));
        // The same arrays again and again: a table in new ones would be as much garbage as it is large.
        float[][] drawn = new float[Math.min(pieces, PIECES_AT_ONCE)][(int) Math.min(PIECE, tensor.elements())];
        for (int first = 0; first < pieces; first += PIECES_AT_ONCE) {
            int offset = first;
            int count = Math.min(pieces - first, PIECES_AT_ONCE);
            IntStream.range(0, count).parallel()
                    .forEach(i -> draw(name, offset + i, drawn[i], initializer, seed));
            for (int i = 0; i < count; i++) {
                long start = (long) (first + i) * PIECE;
                int length = (int) Math.min(PIECE, tensor.elements() - start);
                tensor.view(start, Shape.of(length))
                        .set(length == drawn[i].length ? drawn[i] : Arrays.copyOf(drawn[i], length));
            }
        }
    }

    /** Fills an array with a piece's elements, and with more than there are if the piece is shorter. */
    private static void draw(String name, int piece, float[] values, Initializer initializer, long seed) {
        SeededRandom random = new SeededRandom(seed, name + "/" + piece);
        long start = (long) piece * PIECE;
        for (int i = 0; i < values.length; i++) {
            values[i] = initializer.next(random, start + i);
        }
    }
}
