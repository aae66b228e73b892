package dev.culebra.tools.benchmarks.device;

import java.io.IOException;

import dev.culebra.runtime.driver.DeviceMemory;
import dev.culebra.runtime.driver.MemoryPool;
import dev.culebra.runtime.driver.PinnedMemory;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Copies 4 KiB of pinned host memory to the device, and waits until they are there. */
public class PinnedCopy extends DeviceBenchmark {
    private MemoryPool pool;
    private PinnedMemory source;
    private DeviceMemory destination;

    @Override
    @Setup
    public void open() throws IOException {
        super.open();
        pool = MemoryPool.create(context, MemoryPool.KEEP_ALL);
        source = PinnedMemory.allocate(context, COPIED_BYTES);
        destination = pool.allocate(COPIED_BYTES, stream);
    }

    @Override
    @TearDown
    public void close() {
        destination.close();
        source.close();
        pool.close();
        super.close();
    }

    /** Copies and waits. */
    @Benchmark
    public void ours() {
        destination.copyFrom(source, stream);
        stream.synchronize();
    }
}
