package dev.culebra.tools.benchmarks.device;

import java.io.IOException;

import dev.culebra.runtime.driver.CudaGraph;
import dev.culebra.runtime.driver.ExecutableGraph;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Replays a graph of a hundred launches of an empty kernel, and waits until it has run. */
public class GraphReplay extends DeviceBenchmark {
    private ExecutableGraph graph;

    @Override
    @Setup
    public void open() throws IOException {
        super.open();
        try (CudaGraph captured = stream.capture(() -> {
            for (int i = 0; i < LAUNCHES; i++) {
                launch.launch(stream);
            }
        })) {
            graph = captured.instantiate();
        }
    }

    @Override
    @TearDown
    public void close() {
        graph.close();
        super.close();
    }

    /** Queues it and waits. */
    @Benchmark
    public void ours() {
        graph.launch(stream);
        stream.synchronize();
    }
}
