package dev.culebra.tools.benchmarks.device;

import dev.culebra.runtime.driver.CudaGraph;
import dev.culebra.runtime.driver.ExecutableGraph;
import org.openjdk.jmh.annotations.Benchmark;

/** Replays a graph of a hundred launches of an empty kernel, and waits until it has run. */
public class GraphReplay extends DeviceBenchmark {
    private ExecutableGraph graph;

    @Override
    void prepare() {
        try (CudaGraph captured = stream.capture(() -> {
            for (int i = 0; i < LAUNCHES; i++) {
                launch.launch(stream);
            }
        })) {
            graph = captured.instantiate();
        }
    }

    @Override
    void release() {
        graph.close();
    }

    /** Queues it and waits. */
    @Benchmark
    public void ours() {
        graph.launch(stream);
        stream.synchronize();
    }
}
