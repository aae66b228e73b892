package dev.culebra.runtime;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongFunction;

/**
 * The memory of everything a step computes and does not keep: activations, their gradients, reserve spaces.
 *
 * <p>A step is first run dry: layers ask for tensors and give them back, operations see that their tensors
 * {@linkplain Tensor#isPlanned() are only planned} and return. From the recorded lifetimes each tensor gets an offset
 * such that buffers which are never alive together share memory. Every later run of the step is handed the same
 * tensors at the same addresses in the same order, so it allocates nothing, in Java or on the device.
 *
 * <p>One thread at a time.
 */
public final class ActivationMemory implements AutoCloseable {
    private static final int ALIGNMENT = 64;

    private final PlannedStorage storage;
    private boolean poison;
    private Plan current;
    private int next;

    /** Memory that will come from {@code allocator}, which is given a number of bytes, once a plan is first run. */
    public ActivationMemory(LongFunction<? extends Storage> allocator) {
        this.storage = new PlannedStorage(allocator);
    }

    /** A step with its recorded tensors, made by {@link #plan}. */
    public static final class Plan {
        private final List<Lifetime> lifetimes = new ArrayList<>();
        private Tensor[] tensors = {};
        private long bytes;

        private Plan() {}

        /** What the step needs at its peak, in bytes. */
        public long bytes() {
            return bytes;
        }
    }

    private static final class Lifetime {
        final Tensor planned;
        final int first;
        int last = Integer.MAX_VALUE;
        long offset = -1;

        Lifetime(Tensor planned, int first) {
            this.planned = planned;
            this.first = first;
        }

        boolean meets(Lifetime other) {
            return first <= other.last && other.first <= last;
        }

        long end() {
            return offset + Math.ceilDiv(planned.bytes(), ALIGNMENT) * ALIGNMENT;
        }
    }

    /** Fills every tensor that is given back with NaN from now on, so that a test finds whoever still reads it. */
    public void poisonFreed() {
        poison = true;
    }

    /**
     * Runs {@code step} dry and lays out its tensors.
     *
     * @throws IllegalStateException if a plan is being made or run
     */
    public Plan plan(Runnable step) {
        requireIdle();
        Plan plan = new Plan();
        storage.planning = true;
        current = plan;
        try {
            step.run();
        } finally {
            current = null;
            storage.planning = false;
        }
        layOut(plan);
        storage.require(plan.bytes);
        plan.tensors = plan.lifetimes.stream()
                .map(l -> new Tensor(storage, l.offset, l.planned.type(), l.planned.shape())).toArray(Tensor[]::new);
        return plan;
    }

    /** Runs a step that was planned; it must ask for the same tensors in the same order. */
    public void run(Plan plan, Runnable step) {
        requireIdle();
        current = plan;
        next = 0;
        try {
            step.run();
        } finally {
            current = null;
        }
    }

    /** A tensor with undefined contents that lives until {@link #free}, at the latest to the end of the step. */
    public Tensor allocate(DataType type, Shape shape) {
        if (current == null) {
            throw new IllegalStateException("activations exist only within a step: use plan() and run()");
        }
        if (storage.planning) {
            Tensor tensor = new Tensor(storage, 0, type, shape);
            current.lifetimes.add(new Lifetime(tensor, clock++));
            return tensor;
        }
        if (next == current.tensors.length) {
            throw new IllegalStateException("the step asks for more tensors than when it was planned");
        }
        Tensor tensor = current.tensors[next++];
        if (tensor.type() != type || !tensor.shape().equals(shape)) {
            throw new IllegalStateException(
                    "the step asks for " + type + shape + " where it asked for " + tensor + " when it was planned");
        }
        return tensor;
    }

    /** Gives a tensor back: its memory may be handed out again from here on. */
    public void free(Tensor tensor) {
        if (storage.planning) {
            for (Lifetime lifetime : current.lifetimes) {
                if (lifetime.planned == tensor) {
                    if (lifetime.last != Integer.MAX_VALUE) {
                        throw new IllegalStateException(tensor + " is given back twice");
                    }
                    lifetime.last = clock++;
                    return;
                }
            }
            throw new IllegalArgumentException(tensor + " does not come from this memory");
        }
        if (poison) {
            fillWithNaN(tensor);
        }
    }

    /** Frees the memory. */
    @Override
    public void close() {
        storage.close();
    }

    private int clock;

    /** Greedy by size: the largest tensor first, each at the lowest offset that is free during its whole life. */
    private static void layOut(Plan plan) {
        List<Lifetime> placed = new ArrayList<>();
        List<Lifetime> bySize = new ArrayList<>(plan.lifetimes);
        bySize.sort(Comparator.comparingLong((Lifetime l) -> l.planned.bytes()).reversed());
        for (Lifetime lifetime : bySize) {
            long offset = 0;
            for (Lifetime other : placed) {
                if (lifetime.meets(other) && offset + lifetime.planned.bytes() > other.offset && offset < other.end()) {
                    offset = other.end();
                }
            }
            lifetime.offset = offset;
            plan.bytes = Math.max(plan.bytes, lifetime.end());
            placed.add(lifetime);
            placed.sort(Comparator.comparingLong(l -> l.offset));
        }
    }

    private static void fillWithNaN(Tensor tensor) {
        MemorySegment host = MemorySegment.ofArray(new byte[Math.toIntExact(tensor.bytes())]);
        // All bits set is a NaN in every floating-point type here, and -1, no token, in I32.
        host.fill((byte) -1);
        tensor.storage().write(tensor.byteOffset(), host);
    }

    private void requireIdle() {
        if (current != null) {
            throw new IllegalStateException("a step is already running");
        }
    }

    /** One block that grows to the largest plan; it is replaced, not moved, since nothing outlives a step. */
    private static final class PlannedStorage extends Storage {
        private final LongFunction<? extends Storage> allocator;
        private Storage memory;
        private long required;
        private boolean planning;

        PlannedStorage(LongFunction<? extends Storage> allocator) {
            this.allocator = allocator;
        }

        void require(long bytes) {
            required = Math.max(required, bytes);
        }

        private Storage memory() {
            if (memory == null || memory.bytes() < required) {
                close();
                memory = allocator.apply(required);
            }
            return memory;
        }

        @Override
        public boolean isPlanned() {
            return planning;
        }

        @Override
        public long bytes() {
            return required;
        }

        @Override
        public void write(long offset, MemorySegment host) {
            memory().write(offset, host);
        }

        @Override
        public void read(long offset, MemorySegment host) {
            memory().read(offset, host);
        }

        @Override
        public void clear(long offset, long count) {
            memory().clear(offset, count);
        }

        @Override
        public MemorySegment segment() {
            if (planning) {
                throw new IllegalStateException("a dry run has no memory to touch");
            }
            return memory().segment();
        }

        @Override
        public void close() {
            if (memory != null) {
                memory.close();
                memory = null;
            }
        }
    }
}
