package dev.culebra.experiments.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.culebra.experiments.Python;
import dev.culebra.experiments.failure.RunFailedException;
import dev.culebra.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** TensorBoard's own reader finds in the files what was heard. */
class TensorBoardFileTest {
    @TempDir
    Path folder;

    private static final String READ_ALL = """
            from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
            events = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0})
            events.Reload()
            for tag in sorted(events.Tags()["scalars"]):
                print(tag, [(event.step, round(event.value, 4)) for event in events.Scalars(tag)])
            """;

    private String read() throws IOException, InterruptedException {
        return Python.output("tensorboard", Requirement.TENSORBOARD, READ_ALL, folder);
    }

    private static Event.Epoch epoch(int number, long step, Optional<Event.DeviceMemory> memory) {
        return new Event.Epoch(number, step, Measurement.of(0, 1), Measurement.of(2 * Math.log(3), 2), 1.5, 1 << 20,
                memory);
    }

    @Test
    void scalarsAreReadAtTheirSteps() throws IOException, InterruptedException {
        try (TensorBoardFile file = new TensorBoardFile(folder, 0)) {
            file.event(new Event.Step(1, 1, 10.5, 2000, 0.25));
            file.event(new Event.Step(2, 1, 9.25, 3000, 0.5));
            file.event(epoch(1, 2, Optional.of(new Event.DeviceMemory(1024, 2048, "a meter"))));
        }
        assertEquals("""
                loss/train [(2, 0.0)]
                loss/validation [(2, 1.0986)]
                memory/device_mean_bytes [(2, 1024.0)]
                memory/device_peak_bytes [(2, 2048.0)]
                memory/host_peak_bytes [(2, 1048576.0)]
                perplexity/train [(2, 1.0)]
                perplexity/validation [(2, 3.0)]
                speed/seconds_per_epoch [(2, 1.5)]
                speed/tokens_per_second [(1, 2000.0), (2, 3000.0)]
                train/loss [(1, 10.5), (2, 9.25)]""", read());
    }

    @Test
    void aContinuedRunTakesBackTheStepsItMakesAgain() throws IOException, InterruptedException {
        try (TensorBoardFile file = new TensorBoardFile(folder, 0)) {
            for (int step = 1; step <= 5; step++) {
                file.event(new Event.Step(step, 1, step, 100, 1));
            }
        }
        Thread.sleep(2);
        try (TensorBoardFile file = new TensorBoardFile(folder, 3)) {
            file.event(new Event.Step(4, 1, 40, 100, 1));
        }
        String loss = read().lines().filter(line -> line.startsWith("train/loss")).findFirst().orElseThrow();
        assertEquals("train/loss [(1, 1.0), (2, 2.0), (3, 3.0), (4, 40.0)]", loss);
    }

    @Test
    void eventsAreInTheFileAsSoonAsTheyAreHeard() throws IOException {
        try (TensorBoardFile file = new TensorBoardFile(folder, 0)) {
            long before = size();
            file.event(new Event.Step(1, 1, 10.5, 2000, 0.25));
            assertTrue(size() > before);
        }
    }

    private long size() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all = files.toList();
            assertEquals(1, all.size());
            return Files.size(all.getFirst());
        }
    }

    @Test
    void aFolderThatCannotBeWrittenIsTold() {
        assertThrows(RunFailedException.class, () -> new TensorBoardFile(folder.resolve("none"), 0));
    }
}
