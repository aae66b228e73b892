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
 * tensors at the same addresses in the same order, so it allocates nothing, in Java or on the device. A run that asks
 * for or gives back anything else than the dry run did is stopped, since its tensors could overlap.
 *
 * <p>One thread at a time.
 */
public final class ActivationMemory implements AutoCloseable {
    /** What devices' allocations are multiples of, too. */
    private static final int ALIGNMENT = 256;
    private static final Session IDLE = new Idle();

    private final GrowingStorage storage;
    private boolean poison;
    private Session session = IDLE;

    /** Memory that will come from {@code allocator}, which is given a number of bytes, once a plan is first run. */
    public ActivationMemory(LongFunction<? extends Storage> allocator) {
        this.storage = new GrowingStorage(allocator);
    }

    /** A step with its recorded tensors, made by {@link #plan}. */
    public static final class Plan {
        private final ActivationMemory owner;
        private final List<Event> events;
        private final long bytes;

        private Plan(ActivationMemory owner, List<Event> events, long bytes) {
            this.owner = owner;
            this.events = events;
            this.bytes = bytes;
        }

        /** What the step needs at its peak, in bytes. */
        public long bytes() {
            return bytes;
        }
    }

    /** How many bytes there are, or will be as soon as a plan that needs them is run. */
    public long bytes() {
        return storage.bytes();
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
        DryRun dryRun = new DryRun();
        perform(dryRun, step);
        long bytes = layOut(dryRun.lifetimes);
        storage.require(bytes);
        for (Lifetime lifetime : dryRun.lifetimes) {
            lifetime.tensor = new Tensor(storage, lifetime.offset, lifetime.planned.type(), lifetime.planned.shape());
        }
        return new Plan(this, dryRun.events, bytes);
    }

    /**
     * Runs a step that was planned; it must ask for the same tensors and give them back in the same order.
     *
     * @throws IllegalStateException if it does not, or if a plan is being made or run
     */
    public void run(Plan plan, Runnable step) {
        if (plan.owner != this) {
            throw new IllegalArgumentException("this plan was made for another memory");
        }
        Replay replay = new Replay(plan);
        perform(replay, step);
        replay.requireEnd();
    }

    private void perform(Session next, Runnable step) {
        if (session != IDLE) {
            throw new IllegalStateException("a step is already running");
        }
        session = next;
        try {
            step.run();
        } finally {
            session = IDLE;
        }
    }

    /** A tensor with undefined contents that lives until {@link #free}, at the latest to the end of the step. */
    public Tensor allocate(DataType type, Shape shape) {
        return session.allocate(type, shape);
    }

    /** Gives a tensor back: its memory may be handed out again from here on. */
    public void free(Tensor tensor) {
        session.free(tensor);
    }

    /** Frees the memory. */
    @Override
    public void close() {
        storage.close();
    }

    private static final class Lifetime {
        final Tensor planned;
        final int first;
        int last = Integer.MAX_VALUE;
        long offset;
        Tensor tensor;

        Lifetime(Tensor planned, int first) {
            this.planned = planned;
            this.first = first;
            this.tensor = planned;
        }

        boolean meets(Lifetime other) {
            return first <= other.last && other.first <= last;
        }

        long end() {
            return offset + Math.ceilDiv(planned.bytes(), ALIGNMENT) * ALIGNMENT;
        }
    }

    /** A tensor is asked for, or given back. */
    private record Event(Lifetime lifetime, boolean isAllocation) {
        @Override
        public String toString() {
            return (isAllocation ? "asks for " : "gives back ") + lifetime.planned;
        }
    }

    /** Greedy by size: the largest tensor first, each at the lowest offset that is free during its whole life. */
    private static long layOut(List<Lifetime> lifetimes) {
        long bytes = 0;
        List<Lifetime> placed = new ArrayList<>();
        List<Lifetime> bySize = new ArrayList<>(lifetimes);
        bySize.sort(Comparator.comparingLong((Lifetime l) -> l.planned.bytes()).reversed());
        for (Lifetime lifetime : bySize) {
            for (Lifetime other : placed) {
                if (lifetime.meets(other) && lifetime.end() > other.offset && lifetime.offset < other.end()) {
                    lifetime.offset = other.end();
                }
            }
            bytes = Math.max(bytes, lifetime.end());
            placed.add(lifetime);
            placed.sort(Comparator.comparingLong(l -> l.offset));
        }
        return bytes;
    }

    /** What asking for and giving back means at the moment. */
    private sealed interface Session {
        Tensor allocate(DataType type, Shape shape);

        void free(Tensor tensor);
    }

    private static final class Idle implements Session {
        @Override
        public Tensor allocate(DataType type, Shape shape) {
            throw outsideOfStep();
        }

        @Override
        public void free(Tensor tensor) {
            throw outsideOfStep();
        }

        private static IllegalStateException outsideOfStep() {
            return new IllegalStateException("activations exist only within a step: use plan() and run()");
        }
    }

    private static final class DryRun implements Session {
        private final Storage storage = new DryStorage();
        private final List<Lifetime> lifetimes = new ArrayList<>();
        private final List<Event> events = new ArrayList<>();

        @Override
        public Tensor allocate(DataType type, Shape shape) {
            Lifetime lifetime = new Lifetime(new Tensor(storage, 0, type, shape), events.size());
            lifetimes.add(lifetime);
            events.add(new Event(lifetime, true));
            return lifetime.planned;
        }

        @Override
        public void free(Tensor tensor) {
            for (Lifetime lifetime : lifetimes) {
                if (lifetime.planned == tensor) {
                    if (lifetime.last != Integer.MAX_VALUE) {
                        throw new IllegalStateException(tensor + " is given back twice");
                    }
                    lifetime.last = events.size();
                    events.add(new Event(lifetime, false));
                    return;
                }
            }
            throw new IllegalArgumentException(tensor + " does not come from this memory");
        }
    }

    private final class Replay implements Session {
        private final List<Event> events;
        private int next;

        Replay(Plan plan) {
            this.events = plan.events;
        }

        @Override
        public Tensor allocate(DataType type, Shape shape) {
            if (next < events.size()) {
                Event event = events.get(next);
                Tensor tensor = event.lifetime.tensor;
                if (event.isAllocation && tensor.type() == type && tensor.shape().equals(shape)) {
                    next++;
                    return tensor;
                }
            }
            throw departure("asks for " + type + shape);
        }

        @Override
        public void free(Tensor tensor) {
            if (next == events.size() || events.get(next).isAllocation || events.get(next).lifetime.tensor != tensor) {
                throw departure("gives back " + tensor);
            }
            next++;
            if (poison) {
                fillWithNaN(tensor);
            }
        }

        void requireEnd() {
            if (next < events.size()) {
                throw departure("ends");
            }
        }

        private IllegalStateException departure(String found) {
            String expected = next < events.size() ? events.get(next).toString() : "ends";
            return new IllegalStateException("the step " + found + " where its dry run " + expected);
        }
    }

    private static void fillWithNaN(Tensor tensor) {
        // All bits set is a NaN in every floating-point type here, and -1, no token, in I32.
        tensor.storage().fill(tensor.byteOffset(), tensor.bytes(), (byte) -1);
    }

    /** What a dry run's tensors are views of: nothing, at any offset. */
    private static final class DryStorage extends Storage {
        @Override
        public boolean isPlanned() {
            return true;
        }

        @Override
        public long bytes() {
            return 0;
        }

        @Override
        public void write(long offset, MemorySegment host) {
            throw nothingThere();
        }

        @Override
        public void read(long offset, MemorySegment host) {
            throw nothingThere();
        }

        @Override
        public void fill(long offset, long count, byte value) {
            throw nothingThere();
        }

        @Override
        public MemorySegment segment() {
            throw nothingThere();
        }

        @Override
        public Storage owner() {
            throw nothingThere();
        }

        private static IllegalStateException nothingThere() {
            return new IllegalStateException("a dry run has no memory to touch");
        }

        @Override
        public void close() {}
    }

    /** One block that grows to the largest plan; it is replaced, not moved, since nothing outlives a step. */
    private static final class GrowingStorage extends Storage {
        private final LongFunction<? extends Storage> allocator;
        private Storage memory;
        private long required;

        GrowingStorage(LongFunction<? extends Storage> allocator) {
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
        public void fill(long offset, long count, byte value) {
            memory().fill(offset, count, value);
        }

        @Override
        public MemorySegment segment() {
            return memory().segment();
        }

        @Override
        public Storage owner() {
            return memory();
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
