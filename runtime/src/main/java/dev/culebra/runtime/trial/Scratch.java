package dev.culebra.runtime.trial;

import java.util.ArrayList;
import java.util.List;

import dev.culebra.runtime.DataType;
import dev.culebra.runtime.OwnedParts;
import dev.culebra.runtime.driver.DeviceMemory;
import dev.culebra.runtime.driver.DeviceRegion;
import dev.culebra.runtime.driver.MemoryPool;
import dev.culebra.runtime.driver.Stream;

/**
 * Memory that a trial works in: what is read holds random numbers, what is written is looked at. All of it goes back to its
 * pool when this is closed. Two that are filled in the same order hold the same.
 */
public final class Scratch implements AutoCloseable {
    private final OwnedParts owned = new OwnedParts();
    private final List<Numbers> results = new ArrayList<>();
    private final MemoryPool pool;
    private final Stream stream;
    private long seed = 1;

    /** No memory yet; all of it will be used on one stream. */
    public Scratch(MemoryPool pool, Stream stream) {
        this.pool = pool;
        this.stream = stream;
    }

    /** Undefined memory that nobody looks at. */
    public DeviceMemory memory(long bytes) {
        return owned.own(pool.allocate(Math.max(bytes, 1), stream));
    }

    /** Numbers in ±1 for the work to read. */
    public DeviceMemory read(DataType type, long elements) {
        DeviceMemory memory = memory(elements * type.bytes());
        randomize(type, memory, 1);
        return memory;
    }

    /** Memory that the work overwrites. */
    public DeviceMemory written(DataType type, long elements) {
        DeviceMemory memory = memory(elements * type.bytes());
        watch(type, memory);
        return memory;
    }

    /** Fills a part of this memory with numbers in ±bound. */
    void randomize(DataType type, DeviceRegion region, double bound) {
        new Numbers(type, region).randomize(seed++, bound, stream);
    }

    /** Counts a part of this memory among what is looked at. */
    void watch(DataType type, DeviceRegion region) {
        results.add(new Numbers(type, region));
    }

    /** Work in this memory as a contender. */
    public Contender contender(Runnable work) {
        return contender(work, () -> {});
    }

    /** Work in this memory as a contender, and what is tried with it but does not count in its time. */
    public Contender contender(Runnable work, Runnable untimed) {
        return new Contender() {
            @Override
            public void run() {
                work.run();
            }

            @Override
            public void runUntimed() {
                untimed.run();
            }

            @Override
            public List<Numbers> results() {
                return List.copyOf(results);
            }
        };
    }

    /** Frees all of it; a second call does nothing. */
    @Override
    public void close() {
        owned.close();
    }
}
