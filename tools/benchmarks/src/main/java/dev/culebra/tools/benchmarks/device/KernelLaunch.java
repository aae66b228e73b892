package dev.culebra.tools.benchmarks.device;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;

/** Queues an empty kernel. Waiting until it has run does not count: between the hundreds, the stream is emptied. */
public class KernelLaunch extends DeviceBenchmark {
    /** Lets the GPU end what it has. */
    @Setup(Level.Invocation)
    public void empty() {
        stream.synchronize();
    }

    /** A hundred launches. */
    @Benchmark
    @OperationsPerInvocation(LAUNCHES)
    public void ours() {
        for (int i = 0; i < LAUNCHES; i++) {
            launch.launch(stream);
        }
    }
}
