package dev.culebra.tools.benchmarks.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

import dev.culebra.nn.checkpoint.SafetensorsReader;
import dev.culebra.nn.checkpoint.TensorEntry;

/** Whether two checkpoints hold the same numbers: weights and the optimiser's state, bit by bit. Times beside them may differ. */
final class CheckpointComparison {
    private CheckpointComparison() {}

    /** The names of the tensors that differ or that one of the files lacks. */
    static List<String> differences(Path one, Path other) {
        try (SafetensorsReader first = SafetensorsReader.open(one);
                SafetensorsReader second = SafetensorsReader.open(other)) {
            List<String> different = new ArrayList<>();
            for (TensorEntry entry : first.entries()) {
                if (!isSame(entry, first, second)) {
                    different.add(entry.name());
                }
            }
            Collection<TensorEntry> others = second.entries();
            others.stream().map(TensorEntry::name).filter(name -> first.entry(name).isEmpty()).forEach(different::add);
            return different;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static boolean isSame(TensorEntry entry, SafetensorsReader first, SafetensorsReader second)
            throws IOException {
        boolean alike = second.entry(entry.name())
                .filter(twin -> twin.shape().equals(entry.shape()) && twin.type() == entry.type()).isPresent();
        // As Arrays.equals has it, 0 and -0 differ, and a NaN equals a NaN.
        return alike && Arrays.equals(first.readDoubles(entry.name()), second.readDoubles(entry.name()));
    }
}
