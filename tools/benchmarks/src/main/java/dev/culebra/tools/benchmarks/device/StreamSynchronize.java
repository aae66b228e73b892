package dev.culebra.tools.benchmarks.device;

import org.openjdk.jmh.annotations.Benchmark;

/** Waits for a stream that has nothing to do. */
public class StreamSynchronize extends DeviceBenchmark {
    /** Waits. */
    @Benchmark
    public void ours() {
        stream.synchronize();
    }
}
