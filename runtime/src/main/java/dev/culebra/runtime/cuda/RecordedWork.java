package dev.culebra.runtime.cuda;

import java.util.Optional;
import java.util.function.LongConsumer;

import dev.culebra.runtime.Repetition;
import dev.culebra.runtime.cublas.CublasException;
import dev.culebra.runtime.cudnn.CudnnException;
import dev.culebra.runtime.driver.CudaException;
import dev.culebra.runtime.driver.CudaGraph;
import dev.culebra.runtime.driver.CudaOutOfMemoryException;
import dev.culebra.runtime.driver.ExecutableGraph;

/**
 * Work that becomes a CUDA graph. The first time it runs as it is, by which everything it needs is compiled, loaded, chosen and
 * allocated; the second time it is captured, and from then on launched.
 */
final class RecordedWork implements Repetition {
    private final CudaBackend backend;
    private final LongConsumer work;
    private Optional<Recording> rehearsal = Optional.empty();
    private Optional<Replayable> replayable = Optional.empty();

    RecordedWork(CudaBackend backend, LongConsumer work) {
        this.backend = backend;
        this.work = work;
    }

    private record Replayable(ExecutableGraph graph, Recording recording) {}

    @Override
    public void run(long step) {
        backend.stepNumber().set(step);
        if (rehearsal.isEmpty()) {
            Recording observed = new Recording();
            backend.observe(observed, () -> work.accept(step));
            rehearsal = Optional.of(observed);
            return;
        }
        if (replayable.isEmpty()) {
            record(rehearsal.get(), step);
        }
        Replayable found = replayable.get();
        found.recording.before();
        found.graph.launch(backend.stream());
        found.recording.after();
    }

    private void record(Recording expected, long step) {
        // Else the graph would renew the copies each time, also those of what never changes.
        expected.before();
        // What failed before the capture is not to look as if it had failed in it.
        backend.synchronize();
        Recording recording = new Recording();
        try (CudaGraph graph = backend.stream()
                .capture(() -> backend.observe(recording, () -> work.accept(step)))) {
            replayable = Optional.of(new Replayable(graph.instantiate(), recording));
        } catch (CudaOutOfMemoryException lacking) {
            throw lacking;
        } catch (CudaException failure) {
            throw failure.isSticky() ? failure : new GraphRecordingException(failure);
        } catch (CublasException | CudnnException failure) {
            throw new GraphRecordingException(failure);
        }
    }

    @Override
    public void forget() {
        Optional<Replayable> forgotten = replayable;
        replayable = Optional.empty();
        rehearsal = Optional.empty();
        forgotten.ifPresent(found -> found.graph.close());
    }
}
