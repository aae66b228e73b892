package dev.culebra.tools.benchmarks.device;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import dev.culebra.runtime.driver.DeviceMemory;
import dev.culebra.runtime.driver.MemoryPool;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Copies 4 KiB of ordinary host memory, outside of the Java heap, to the device, and waits until they are there. */
public class PageableCopy extends DeviceBenchmark {
    private Arena arena;
    private MemorySegment source;
    private MemoryPool pool;
    private DeviceMemory destination;

    @Override
    @Setup
    public void open() throws IOException {
        super.open();
        arena = Arena.ofShared();
        source = arena.allocate(COPIED_BYTES);
        pool = MemoryPool.create(context, MemoryPool.KEEP_ALL);
        destination = pool.allocate(COPIED_BYTES, stream);
    }

    @Override
    @TearDown
    public void close() {
        destination.close();
        pool.close();
        arena.close();
        super.close();
    }

    /** Copies and waits. */
    @Benchmark
    public void ours() {
        destination.write(source, stream);
    }
}
