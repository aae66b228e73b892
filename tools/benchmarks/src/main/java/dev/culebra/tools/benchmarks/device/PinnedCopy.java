package dev.culebra.tools.benchmarks.device;

import dev.culebra.runtime.driver.DeviceMemory;
import dev.culebra.runtime.driver.MemoryPool;
import dev.culebra.runtime.driver.PinnedMemory;
import org.openjdk.jmh.annotations.Benchmark;

/** Copies 4 KiB of pinned host memory to the device, and waits until they are there. */
public class PinnedCopy extends DeviceBenchmark {
    private MemoryPool pool;
    private PinnedMemory source;
    private DeviceMemory destination;

    @Override
    void prepare() {
        pool = MemoryPool.create(context, MemoryPool.KEEP_ALL);
        source = PinnedMemory.allocate(context, COPIED_BYTES);
        destination = pool.allocate(COPIED_BYTES, stream);
    }

    @Override
    void release() {
        destination.close();
        source.close();
        pool.close();
    }

    /** Copies and waits. */
    @Benchmark
    public void ours() {
        destination.copyFrom(source, stream);
        stream.synchronize();
    }
}
