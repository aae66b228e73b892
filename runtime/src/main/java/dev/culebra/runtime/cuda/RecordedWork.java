package dev.culebra.runtime.cuda;

import java.util.Optional;
import java.util.function.LongConsumer;

import dev.culebra.runtime.Repetition;
import dev.culebra.runtime.cublas.CublasException;
import dev.culebra.runtime.cudnn.CudnnException;
import dev.culebra.runtime.driver.CudaException;
import dev.culebra.runtime.driver.CudaGraph;
import dev.culebra.runtime.driver.ExecutableGraph;

/**
 * Work that becomes a CUDA graph. The first time it runs as it is, by which everything it needs is compiled, loaded, chosen and
 * allocated; the second time it is captured, and from then on launched.
 */
final class RecordedWork implements Repetition {
    private final CudaBackend backend;
    private final LongConsumer work;
    private Optional<Recording> rehearsal = Optional.empty();
    private Optional<Recorded> recorded = Optional.empty();

    RecordedWork(CudaBackend backend, LongConsumer work) {
        this.backend = backend;
        this.work = work;
    }

    private record Recorded(ExecutableGraph graph, Recording recording) {}

    @Override
    public void run(long step) {
        backend.stepNumber().set(step);
        if (rehearsal.isEmpty()) {
            rehearsal = Optional.of(observe(() -> work.accept(step)));
            return;
        }
        if (recorded.isEmpty()) {
            record(rehearsal.get(), step);
        }
        Recorded found = recorded.get();
        found.recording.before();
        found.graph.launch(backend.stream());
        found.recording.after();
    }

    private void record(Recording expected, long step) {
        // Else the graph would renew the copies each time, also those of what never changes.
        expected.before();
        Recording[] recording = new Recording[1];
        try (CudaGraph graph = backend.stream()
                .capture(() -> recording[0] = observe(() -> work.accept(step)))) {
            recorded = Optional.of(new Recorded(graph.instantiate(), recording[0]));
        } catch (CudaException | CublasException | CudnnException failure) {
            throw new GraphRecordingException(failure);
        }
    }

    private Recording observe(Runnable observed) {
        Recording recording = new Recording();
        backend.observe(recording, observed);
        return recording;
    }

    @Override
    public void forget() {
        recorded.ifPresent(found -> found.graph.close());
        recorded = Optional.empty();
        rehearsal = Optional.empty();
    }
}
