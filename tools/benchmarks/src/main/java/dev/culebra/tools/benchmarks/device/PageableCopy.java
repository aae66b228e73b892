package dev.culebra.tools.benchmarks.device;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import dev.culebra.runtime.driver.DeviceMemory;
import dev.culebra.runtime.driver.MemoryPool;
import org.openjdk.jmh.annotations.Benchmark;

/** Copies 4 KiB of ordinary host memory, outside of the Java heap, to the device, and waits until they are there. */
public class PageableCopy extends DeviceBenchmark {
    private Arena arena;
    private MemorySegment source;
    private MemoryPool pool;
    private DeviceMemory destination;

    @Override
    void prepare() {
        arena = Arena.ofShared();
        source = arena.allocate(COPIED_BYTES);
        pool = MemoryPool.create(context, MemoryPool.KEEP_ALL);
        destination = pool.allocate(COPIED_BYTES, stream);
    }

    @Override
    void release() {
        destination.close();
        pool.close();
        arena.close();
    }

    /** Copies and waits. */
    @Benchmark
    public void ours() {
        destination.write(source, stream);
    }
}
